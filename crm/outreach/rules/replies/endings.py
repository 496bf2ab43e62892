"""What may ask for no texts, in whatever words: anger, the law, leaving, the last time, a phone that is not for this.

Much broader than the opt-outs (`stops`): what is found here ends nothing. Our texts wait until a person has read the reply, which costs
one tap; an opt-out that went by unread costs more.
"""
from collections.abc import Sequence

from crm.outreach.rules.replies.doubts import ELSE, HARMLESS, LOOSE, MIXED, SHORT
from crm.outreach.rules.replies.elsewhere import ours
from crm.outreach.rules.replies.opt_outs import CLEAR
from crm.outreach.rules.replies.words import bag, bare, pattern, slips

_OURS = r"(?:texts?|texting|messages?|messaging|sms|notifications?|alerts?|updates|reminders?|blasts?|these|this stuff|lists?|chat|group|subscription|spam)"
_OURS_ES = r"(?:mensaj\w*|textos?|avisos?|recordatorios?|notificaciones|alertas?|listas?|grupo|chat|suscripcion)"
_TAKE_OUT = (r"(?:purge|strike|scratch|wipe|erase|delete|remove|drop|exclude|lose|forget|cross|dump|destroy|expunge|unlist|detach|release|free|"
             r"disregard|discard)")
_HERE = r"(?:data|info\w*|number|phone|name|contact|cell|details|records?|account|profile|registration|enrollment)"
# Said to somebody: these stand by themselves.
ANGER = pattern(
    r"f+u*c*k\w*", r"(?:bull)?shit\w*", r"bitch\w*", r"assholes?", r"dumbass\w*", r"wtf", r"stfu", r"idiots?", r"morons?", r"middle finger",
    r"screw (?:you|this|off)", r"(?:you|this|that|it) (?:all |guys |people |really )?sucks?", r"hate (?:you|this|these|your|getting)",
    r"get a (?:life|job|hobby)", r"(?:knock|cut) (?:it|that) (?:off|out)", r"give (?:it|me|us) a (?:rest|break)",
    r"(?:back|buzz|piss|bug|lay|hands|step) off", r"get lost", r"beat it", r"take a hike", r"shut (?:it|up|this)", r"pester\w*",
    r"bother(?:ing)? (?:me|us|people)", r"disturb(?:ing)? (?:me|us|my|people)|do(?: not|n't) disturb", r"stalk\w*", r"badger\w*", r"hound\w*",
    r"bombard\w*", r"nagging", r"chinga\w*|ching(?:uen|ue|an)\w*", r"pinches?", r"pendej\w+", r"put[ao]s?|hij[oa]s? de (?:la|su|tu|puta|perra)",
    r"mierda|cagad\w*|a la verga|verga|carajo|joder|jod\w+|culer\w+|mald(?:it\w+|ecid\w+)", r"idiotas?|estupid\w+|imbecil\w*|ridicul\w+",
    r"largu?(?:ense|ate|ese)", r"vay(?:an|a)se|vete|vayan? a (?:molest|moles|fre|jod)\w+", r"callen\w*|callate|callese",
)
# The rest is about us unless its sentence speaks of reading, getting or finding.
ENGLISH = pattern(
    r"(?:you|your|this|these|so|very|really|too|getting|is|are) (?:\w+ )?(?:annoying|intrusive|invasive|creepy|rude|excessive|obnoxious|"
    r"ridiculous|nonsense)",
    r"(?:fed up|sick|tired|done|finished|through|over it) (?:of|with) (?:you|this|these|your|all|it|the (?:texts|messages|group))",
    r"(?:fed up|over it)$",
    # the law, and the phone's own means
    r"report(?:ed|ing)?(?: \w+){0,2} (?:you|this number|as|spam|junk)",
    r"(?:reported|junk|blocking|(?:you're|you are|number|i|just|is|getting|are) block(?:ed)?|^block(?:ed)?)$", r"spam\w*", r"unwanted", r"unsolicited",
    r"solicit\w*", r"telemarket\w*", r"robo ?\w*", r"my (?:lawyer|attorney|counsel) (?:will|is|has|says)", r"su(?:e|ing) (?:you|y'all)",
    r"fcc|ftc|tcpa|ccpa|gdpr|dnc", r"do not (?:call|contact|text)", r"(?:my|our|of|right to) privacy",
    r"(?:my|no|without|gave|have) (?:\w+ )?(?:permission|consent)", r"authoriz\w*|authoris\w*", r"consent\w*",
    r"complain(?:t|ing)?s? (?:about|against|with) (?:you|this)",
    # leaving
    r"unsub\w*", r"unfollow\w*", r"unenrol\w*", r"disenrol\w*", r"deregister\w*", r"deactivat\w*", r"desist", r"cease", r"terminat\w*", r"abort",
    r"halt", r"mute", r"silenc\w*", r"opt\w*(?: \w+)? out", r"withdraw\w*", r"resign\w*",
    r"(?:i|i'm|am|we|i'll|i've) (?:quit(?! \w)|quitting|retired|retiring|through|done|out)$", r"step(?:ping)? (?:back|away|down)",
    r"dropp?(?:ing|ed)? out(?! of (?:saturday|sunday|tomorrow|tonight|monday|tuesday|wednesday|thursday|friday|the (?:meeting|assembly)))",
    r"(?:leav\w+|quit\w*|exit\w*|left) (?:the|this|your) (?:group|list|chat|union|org\w*|campaign)",
    r"(?:(?:i|we|just) want|let me|get me|keep me|leave me|i'm|am) out(?: of (?:this|it|here|everything|these|your|all))?$",
    r"(?:not|no longer|never|wasn't) (?:\w+ )?(?:a )?(?:member|part of|involved|affiliated|associated|subscribed|registered|enrolled|with you)",
    r"no longer (?!in (?!this)|at|works?|work|have|has|there|open|able)\w+", r"(?:cancel|end|stop) my \w*(?:ship|scription|ment)",
    # the last time
    r"(?:(?:the|very|your|for the) (?:last|final|third|fourth|hundredth) (?:time(?! (?:i|we) (?:went|came|saw)))|(?:last|final) (?:warning|notice))",
    r"(?:never|ever) (?:again|hear)", r"(?:for good|forever|permanently|for ever)", r"farewell|peace out|good riddance",
    r"(?:that's|that is|this is) (?:it|enough|all)$", r"rid of", r"enough(?: (?:of|with|is|already|now)|$)", r"no (?:means|is) no",
    r"(?:said|told|asked|tell|asking|telling)(?: you| y'all| them)?(?: \w+)? (?:no|already|before|twice|times|once)", r"how many (?:more )?times",
    # too much of it
    rf"(?:too|so|this) (?:many|much) {_OURS}|too (?:often|frequent\w*)|every (?:single )?(?:day|hour|minute) (?:you|with|another)",
    r"non ?stop|relentless", r"(?:blow\w*|light\w*) (?:\w+ )?up(?: my)?", r"keep (?:getting|receiving|texting|sending|messaging|bugging)",
    rf"(?:good|fine|okay|ok|set) (?:on|without) (?:the |your |all |any |my )?{_OURS}",
    rf"(?:pass on|skip|without|over|through with|done with|enough|less|fewer|limit) (?:of |with )?(?:the |your |all |any |my )?{_OURS}",
    rf"(?:not|\w*n't|never|no|stop|quit|without|avoid|prevent|block|get out of|get off) (?:\w+ ){{0,4}}{_OURS}(?: any ?more| please| again| at all|$)",
    r"(?:not|\w*n't) (?:\w+ ){0,3}(?:reach(?:ing)? out|hear(?:ing)? from|ping\w*|hit(?:ting)? me up|notify\w*|remind\w*|invit\w*)",
    rf"{_TAKE_OUT} (?:\w+ )?(?:my|our|his|her|this|these|their|all|the) (?:\w+ )?{_HERE}",
    rf"(?:{_TAKE_OUT}|cut|take|leave|keep|get|let) (?:me|us)(?: please| now|$| out| off| be| go| alone| from)",
    r"(?:end|delete|erase|remove|cancel|cut|drop) (?:it|this|that|these|them|all)(?: please| now|$)",
    # a phone that is not for this, or a person who is gone
    r"cost(?:s|ing)? (?:me|us|money)|pay (?:for|per|by)|(?:i|i'm|am|get|gets|being|you) charg\w+ (?:me|us|per|for (?:each|every))",
    r"(?:limited|no more|my) (?:minutes|data)|prepaid|data plan",
    r"(?:work|business|company|office|emergency) (?:phone|line|number|cell|only)|for (?:work|business|emergenc\w+|family) only",
    r"(?:wak\w*|woke) (?:me|us|my|the)", r"deceased|passed away|(?:has|have|had|he|she|who) (?:passed|died)",
    r"(?:who|where|how)(?: \w+){0,3} (?:my|this) (?:number|phone|info\w*|name|contact)", r"(?:somebody|someone|anybody|anyone) else$",
    r"wast(?:e|ing) (?:my|our|your|of|people)", r"(?:nothing|none|no part|anything) (?:more )?(?:to do with|of this|of it|from) ?(?:you|this|your)?",
    r"(?:not|\w*n't|no longer|zero|no) interest\w* (?:in )?(?:you|your|this|any|anything|being|getting|receiving|the texts|politics)", r"no interest",
    r"(?:remov|delet|eras|revok|disconnect|discontinu|disabl|suspend|rescind|retract|scrub|unplug|blacklist)(?!ed|ing)\w* (?!my last|the link)",
    r"(?:ban|boot|kick) (?:me|us)", r"(?:delete|remove|erase|revoke|leave|don't|do not|negative|hush|quiet|silence)$",
    r"(?:don't|do not|couldn't|who|nobody|idc) (?:really )?(?:care|cares|give a \w+)|who asked|nobody asked|idc|kick rocks|pound sand|grow up",
    r"go (?:bother|bug|away|text)|can you not",
    r"why (?:are|do|did|am|is|would|keep)(?: \w+){0,2} (?:text\w*|send\w*|messag\w*|contact\w*|getting (?:this|these)|on this|bother\w*|me)",
    r"(?:do i|i don't|i do not|don't even) know (?:you|who|this number|any of you)", r"phish\w*|fake|bots?|robots?|ai generated",
    r"maga|commies?|communists?|snowflakes?",
    r"(?:this is|i am|i'm|number is|phone is) (?:a )?(?:minor|kid|child|private|personal|unlisted|(?:[89]|1\d) years? old)",
    r"(?:my|his|her) (?:minor|underage)", r"violat\w+ (?:my|the law|tcpa|of)|your (?:violation|breach)",
    r"mental health|grieving|grief|going through (?:a lot|something|some|hell)|too much (?:going on|on my)", r"wish you (?:all|well|luck)",
    r"i (?:hereby |now )?(?:demand|insist)|respectfully|kindly (?:refrain|respect)",
    r"(?:your|these|those|constant|endless|random|all the) (?:\w+ )?(?:texts?|texting|messages|messaging|reminders?|alerts?|"
    r"notifications?|blasts?|communications?|emails|calls)",
    r"communicat\w+|correspondence", r"(?:off|from|out of|to) (?:my|this|our) (?:phone|number|cell|line|inbox|mobile|device)",
    # enough of it without hard words
    r"(?:not|\w*n't|never|no|no longer|stop) (?:\w+ ){0,4}(?:me|us|this|these|it|you|part|want|need|interested|involved|care|"
    r"member) ?(?:any ?more|any longer)",
    r"(?:need|want|taking|take) (?:a|some|my) (?:break|space|time off|peace)", r"overwhelm\w*|stress\w* me",
    r"hard pass|pass on (?:these|the texts|this group|your)",
    r"not (?:for me|my (?:thing|group|union|fight|problem|business))|none of (?:my|your)|mind your",
    r"(?:prefer|rather|only) (?:an |the |my |by |via |use )*(?:e ?mail|mail|letter)s?|(?:e ?mail|mail)s? only", r"(?:e ?mail|call|mail) (?:me )?instead",
    r"instead of text\w*", r"(?:not|\w*n't) (?:text\w*|messag\w*|contact\w*|writ\w*|send\w*|call\w* me|talk to me|know you|want you|trust you|need you)",
    r"no (?:need|reason) to (?:text|message|contact|write|send|keep)", r"(?:start|begin) (?:leaving|not|respecting|deleting|removing|minding)",
    r"(?:new|different) (?:phone )?(?:owner|person) (?:now|here|of)", r"(?:not|never) now.* (?:n?ever)",
    r"moved on|(?:live|moved) (?:in|to) (?:another|a different) (?:state|country)|left (?:the )?(?:state|country)",
)
SPANISH = pattern(
    r"me vale|a mi que|(?:no|ni) me importa\w*|quien (?:les|te|le) pregunto|(?:pongan|ponga)se a \w+|consigan? trabajo|no estoy para",
    r"no tengo tiempo (?:para|de) (?:esto|ustedes|sus)",
    r"salud mental|(?:estoy )?de duelo|momento dificil|pasando por (?:un|una|algo|mucho)|no puedo con (?:esto|tanto)",
    r"(?:exijo|solicito|pido|ruego|suplico|agradecer\w+) (?:que|se|de favor que)? ?(?:ya |no )*me",
    r"(?:sus|estos|esos|estas|tantos) (?:mensaj\w*|textos|avisos|recordatorios|notificaciones|llamadas)",
    r"(?:de|a|en|del|con) (?:mi|este|ese) (?:numero|telefono|celular|cel)$",
    r"por que (?:me|nos) (?:\w+ )?(?:mand|escrib|envi|text|llam|molest|contact)\w+", r"(?:soy|es de) (?:un |una )?(?:menor|nin[oa])",
    r"hasta nunca|no (?:somos|soy) (?:su|de ustedes)",
    r"(?:me|nos|ya|tan|muy|que|son|estan) (?:\w+ )?(?:hart|cansad|fastidi|molest|enfad|enoj|aburr|choc)\w*(?: (?:de|con) (?:ustedes|"
    r"usted|esto|sus?|tantos?|que|los mensajes|recibir)|$)",
    r"(?:hart|cansad|fastidiad|aburrid)[oa]s?(?: (?:de|con) (?:ustedes|usted|esto|sus?|tantos?|los mensajes|recibir)|$)",
    r"me (?:tienen|tiene|cansaron|canso|hartaron|aburrieron|caen)", r"molest\w+", r"acos\w+", r"hostig\w+", r"insist\w+", r"intrus\w+", r"invad\w+",
    r"spam", r"estafa\w*|fraude\w*", r"(?:voy a|vamos a|los|las|les|te|lo|ya|sera|queda) (?:bloque\w+|report\w+|denunci\w+|demand\w+)",
    r"(?:bloque|report|denunci|demand)\w+(?: (?:este|su|el|a|si|por)|$)", r"mi abogad\w+|abogad\w+ (?:l[oe]s|te)",
    r"(?:mi|sin|no (?:di|doy|tienen|tiene)) (?:\w+ )?(?:permiso|consentimiento|autorizacion|privacidad)", r"autoriz\w+",
    r"consentimiento|privacidad|datos personales",
    r"(?:anul|revoc|desactiv|suspend|desconect|silenci|retir|desafil|desinscrib|desuscrib|desapunt|inhabilit)\w*",
    r"(?:dar|den|deme|darme|denme|dame|darse|doy|dado|dada|estar)(?:me)? de baja",
    r"(?:borr|elimin|quit|sac|remuev|remov|tach|descart|exclu)\w*(?:me|nos|lo|la|los|las)(?= |$)|olvid\w*(?:me|nos)(?= |$)",
    rf"(?:borr|elimin|quit|sac|sa[cq]u|remuev|remov|tach|olvid|descart|exclu)\w* (?:\w+ ){{0,2}}(?:numero|telefono|nombre|celular|"
    rf"contacto|datos|{_OURS_ES})",
    rf"(?:cancel|termin|par|ces|deten|evit|dej)\w* (?:\w+ ){{0,3}}(?:{_OURS_ES}|suscripcion|todo$|esto$)",
    r"(?:me|nos) (?:salgo|sali|retiro|voy|borro|doy)(?: (?:de|del) (?!la? (?:trabajo|casa|clase))\w+|$)|renuncio|no cuenten conmigo",
    r"(?:salir|salirme|salgo|sal) de (?:esto|la lista|el grupo|su|aqui|ahi|est[ea] (?:lista|grupo|chat|numero))|salirme",
    r"como (?:me )?(?:salgo|cancelo|quito|borro|doy)", r"(?:deje|dejen|dejar|deja|dejame|dejenme|dejeme)(?: (?:ya|de|en paz|por favor)|$)", r"en paz$",
    r"par(?:en|e|ar|enle|ele|ale)(?: (?:ya|de|con|por favor|esto)|$)", r"alto$|basta$|basta (?:ya|de|con)|ya basta|ya estuvo|ya chole|suficiente",
    r"nunca mas|hasta nunca|jamas", r"(?:la|por) ultima vez|ultim[oa] (?:vez|aviso|advertencia|mensaje)", r"adios|bye",
    r"cuantas veces|ya (?:les|le|te|se los|se lo) (?:dije|dijimos|pedi|habia)|otra vez$",
    rf"(?:tant[oa]s?|much[oa]s?|demasiad[oa]s?|puros?) {_OURS_ES}|a cada rato|todo el dia|a todas horas|todos los dias (?:me|mand|escrib)",
    rf"(?:no|ya no|nunca|ni un|ningun|sin|nada de|cero)(?: \w+){{0,4}} (?:{_OURS_ES})(?: por favor|$)",
    r"(?:no|ya no|nunca)(?: me| nos| le| les)?(?: vuelvan?| sigan?| anden?| esten?)?(?: a)? (?:mand(?:e|en|es|ar\w*)|envi(?:e|en|es|"
    r"ar\w*)|escrib(?:a|an|as|ir\w*)|busqu\w+|contact(?:e|en|ar\w*)|"
    r"llam(?:e|en|ar\w*)|invit(?:e|en|ar\w*)|recuerd(?:e|en)|avis(?:e|en|ar\w*)|habl(?:e|en|ar\w*)|marqu\w+|mensaje\w+|text\w+)",
    r"(?:no|ya no|tampoco) (?:quiero|deseo|queremos|quisiera|me interesa|necesito|ocupo) (?:ya|mas|nada|esto|saber|recibir|tener|ser|"
    r"estar|que|sus|ustedes|seguir)",
    r"no (?:los|las) (?:conozco|quiero|necesito)",
    r"no (?:soy|somos|formo|pertenezco|estoy)(?: \w+)? (?:miembro|parte|de ustedes|interesad\w+|suscrit\w+|inscrit\w+|afiliad\w+)",
    r"ya no (?:soy|pertenezco|participo|estoy interesad\w)", r"(?:de donde|quien|como) (?:\w+ ){0,3}(?:mi|este) (?:numero|telefono|celular|contacto)",
    r"fallec\w+|murio|muerto|difunt\w+", r"menor de edad", r"(?:me|nos) (?:cobran|cuesta|cuestan|cobra)|sin saldo|prepago",
    r"(?:ni|no) (?:me|nos) (?:importa|gusta|interesan?)(?: (?:nada|esto|lo que|sus?|su|ustedes)|$)",
    r"pierd\w+ (?:el|su) tiempo|perder (?:el|su) tiempo", r"que parte", r"^fin$|termin(?:en|e|ado|emos)(?: ya| esto|$)",
    r"ya no (?:me|nos|les?|l[oa]s?|mas|por|gracias|quier\w+|dese\w+|sigan?|es necesario|hace falta|particip\w+)",
    r"(?:quiero|necesito|prefiero|quisiera) (?:un descanso|descansar|paz|tranquilidad|que no|que me|que nos|estar fuera)",
    r"(?:mejor|prefiero|solo) (?:por )?(?:correo|e ?mail|carta|llamada)",
    r"no es (?:para mi|de mi interes|mi asunto|asunto mio)|no va conmigo|paso de (?:esto|ustedes)",
    r"^fuera$|fuera de (?:mi telefono|su|sus|la lista|esto|esta|este)",
    r"dejen(?:me|nos)|(?:dejame|dejeme)(?! (?:ver|pensar|checar|preguntar|saber|revisar))",
    r"(?:empiecen|comiencen|empiece) a (?:respetar|dejar|borrar|quitar|no)", r"no (?:vuelvan?|sigan?|insistan?|abusen?|jodan?|chinguen?)",
    r"(?:mucho|tanto|demasiado) (?:mensaje|texto|aviso)", r"(?:ni se|no se) (?:quienes son|quien es|quien son)|no (?:te|los|las|lo) conozco",
    r"equivocad\w+ (?:de persona|persona)",
)


# Signs, and the word in languages that we do not read.
_SIGNS = ("😡", "🤬", "🙄", "📵", "🔇", "🔕", "⛔", "🚷", "🤐", "💩", "🤮", "🛑", "🚫", "🖕")
_OTHER_LANGUAGES = (
    "停", "退订", "退訂", "取消", "不要", "别发", "別發", "стоп", "хватит", "отпис", "توقف", "قف", "중지", "그만", "정지", "수신거부",
    "ngừng", "dừng", "đừng", "やめ", "रोक", "बंद",
)
_LATIN = pattern(
    r"arret\w*", r"sispann\w*", r"(?:pa )?voye (?:m|mwen)", r"tama na", r"(?:i)?tigil\w*", r"huminto", r"huwag", r"parem", r"chega", r"desist\w*",
    r"dung lai|ngung|dung (?:nhan|gui)", r"basta na",
)
# Beside words of START it is no START: don't you text me again.
NEGATED = pattern(
    r"not|\w*n't|never|no|nunca|if|si (?:me|nos|vuelven|siguen)|unless|sue|report\w*|block\w*|leav\w+",
)
_LIKE_STOP = frozenset(
    slip for word in bag("stop stopall unsubscribe cancel remove delete parar paren basta alto cancelar borrar quitar salir")
    for slip in slips(word) | {word[1:]} | {letter + word[1:] for letter in "abcdefghijklmnopqrstuvwxyz"}
) - bag("para pare hasta pasta algo auto alta salto asta pasar pagar top shop step salid salida pared parada at cancels deleted removed guitar")


def may_end(body: str, text: str, pieces: Sequence[str]) -> bool:
    """Whether a person must read the reply before it gets another text from us; of what was written, the plain text and its pieces."""
    if any(sign in body for sign in (*_SIGNS, *_OTHER_LANGUAGES)):
        return True
    words = bare(text)
    if len(words.split()) <= 2 and not _LIKE_STOP.isdisjoint(words.split()):
        return True
    whole, *cleared = (HARMLESS.sub(" ", ours(part)) for part in (words, *pieces))
    parts = cleared or [whole]
    if any(said.search(part) for said in (*CLEAR, LOOSE, SHORT, ANGER) for part in (whole, *parts)):
        return True
    return any(said.search(part) and not ELSE.search(part) for said in (MIXED, ENGLISH, SPANISH, _LATIN) for part in parts)
