"""Tables of outreach. A text is a row before it is a call; consent is a ledger; what arrives is stored first."""

from crm.outreach.models.broadcasts import Broadcast, Exclusion
from crm.outreach.models.consent import Consent, ConsentState, OptOutRequest, Wording
from crm.outreach.models.drives import Drive, DriveAnswer, DriveContact, DriveText, Texter
from crm.outreach.models.exemptions import Exemption
from crm.outreach.models.keys import person_key
from crm.outreach.models.keywords import Keyword
from crm.outreach.models.network import RawHook, SimulatedText
from crm.outreach.models.senders import Sender
from crm.outreach.models.series import Series, SeriesStep
from crm.outreach.models.signups import SignUp
from crm.outreach.models.texts import Text
from crm.outreach.models.threads import Thread

__all__ = [
    "Broadcast",
    "Consent",
    "ConsentState",
    "Drive",
    "DriveAnswer",
    "DriveContact",
    "DriveText",
    "Exclusion",
    "Exemption",
    "Keyword",
    "OptOutRequest",
    "RawHook",
    "Sender",
    "SignUp",
    "Series",
    "SeriesStep",
    "SimulatedText",
    "Text",
    "Texter",
    "Thread",
    "Wording",
    "person_key",
]
