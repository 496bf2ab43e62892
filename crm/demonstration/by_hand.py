"""A texting drive of this week: three volunteers text one neighborhood from their own phones, and some have answered."""

from sqlalchemy import select

from crm.demonstration import facts
from crm.demonstration.past import Scene
from crm.infra import jobs
from crm.infra.db import reading, transaction
from crm.infra.links import token_of
from crm.outreach.actions import drives, texting
from crm.outreach.actions.simulate import write_text
from crm.outreach.models import DriveContact, Texter
from crm.outreach.queries.texting import Key, holder_of

SETTING = {"opens_hour": 9, "closes_hour": 20, "batch_new": 10, "batch_vetted": 50, "most_a_day": 200}


def text_by_hand(scene: Scene) -> None:
    """Each volunteer holds a batch and has texted part of it; the first two of each have written back."""
    actor, now = scene.actors["southbank"], scene.at(0)
    with transaction(actor.org_id):
        values = {"name": facts.DRIVE, "audience": f"segment:{scene.ids[facts.DRIVE_LIST]}", **SETTING}
        drive_id = drives.save_drive(actor, None, values, facts.DRIVE_WORDS, now=now)
        drives.add_texters(actor, drive_id, list(facts.VOLUNTEERS), False, now=now)
        drives.open_drive(actor, drive_id, now=now)
    with reading(actor.org_id) as s:
        volunteers = [Key(actor.org_id, id, token_of(link)) for id, link in
                      s.execute(select(Texter.id, Texter.link_id).where(Texter.drive_id == drive_id).order_by(Texter.id))]
    texted = {key: _work(key, 7 - n, now) for n, key in enumerate(volunteers)}
    jobs.run_due()
    for (_key, phones), words in zip(texted.items(), facts.BY_HAND, strict=True):
        for phone, said in zip(phones, words, strict=False):
            with transaction(actor.org_id):
                write_text(actor, phone, said, now=now)


def _work(key: Key, many: int, now) -> list[str]:
    """One volunteer takes her people and presses send so many times; the numbers that were texted."""
    with transaction(key.org_id):
        texting.take_batch(holder_of(key, "take"), now=now)
    with reading(key.org_id) as s:
        held = s.execute(select(DriveContact.id, DriveContact.phone).where(DriveContact.texter_id == key.texter_id).order_by(DriveContact.id)).all()
    for id, _phone in held[:many]:
        with transaction(key.org_id):
            texting.send_first(holder_of(key, "text"), id, now=now)
    return [phone for _id, phone in held[:many]]
