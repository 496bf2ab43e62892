"""The free ways to say stop that leave no doubt (R5), in English and Spanish."""
from crm.outreach.rules.replies.words import pattern

_TEXTS = r"(?:texts?|messages?|texting|spam|subscription|notifications?|alerts?|updates)"
_ME = r"(?:me|us|my name|my number|this number|this phone|my phone|my cell|it)"
_SEND_ES = (r"(?:mand(?:e|en|es|ar|ando|arme|enme)|envi(?:e|en|es|ar|ando|arme|enme)|escrib(?:a|an|as|ir|"
            r"iendo|irme|anme)|"
            r"te[jsx]t?i?(?:ee?n?|ees|[ae]r|[ae]ando|arme|earme)|mensaj(?:ee|een|ear|een)|molest(?:e|en|es|ar|ando|arme|enme)|"
            r"contact(?:e|en|es|ar|ando|arme)|llam(?:e|en|es|ar|arme|enme))")
_MINE_ES = r"(?:a )?(?:mi|este|ese) (?:numero|telefono|nombre|celular|cel|contacto)"

_OURS = (r"(?:texts?|texting|txts?|sms|messages?|messaging|notifications?|alerts?|updates|reminders?|invites|emails?|spam|outreach|communications?|"
    r"subscription|"
         r"these|your (?:texts?|messages?|list|stuff|updates))")
_WANT = r"(?:want\w*|wish\w*|need\w*|like|care|interested|appreciate|consent\w*|agree\w*|have permission|hear)"
_WHOSE = r"(?:me|us|my|mine|our|this|him|her|them)"
_OURS_ES = r"(?:mensajes?|mensajitos?|textos?|sms|avisos?|recordatorios|notificaciones|llamadas|informacion|spam|invitaciones)"
_TELL_ES = (r"(?:mand(?:e|en|es|ar|ando|arme)|envi(?:e|en|es|ar|ando)|escrib(?:a|an|as|ir|iera|ieran|iendo)|habl(?:e|en|es|ar|ando)|avis(?:e|en|es|ar|"
    r"ando)|busqu(?:e|en|es)|"
            r"contact(?:e|en|es|ar)|llam(?:e|en|es|ar|ando)|molest(?:e|en|es|ar|ando)|llegue[ns]?|notifi(?:que|quen|car)|inform(?:e|en|ar)|invit(?:e|"
            r"en|es)|insist(?:a|an)|"
            r"incluy(?:a|an)|te[jsx]t?i?[aei]\w*|te[jsx]t?|tejt\w+|marqu(?:e|en)|fastidi(?:e|en|es)|fri?eg(?:ue|uen)|jod(?:a|an))")
_MINE = r"(?:numero|telefono|nombre|celular|cel|contacto|datos|info\w*|linea)"

ENGLISH = pattern(
    r"(?:stop|quit|cease|end) (?:all )?(?:sending|texting|messaging|contacting|bothering|calling|spamming|"
    r"harassing|writing)",
    r"(?:stop|end|cancel|quit|no more|enough of|enough with|without) (?:with )?(?:(?:all|any|the|these|this|"
    r"those|your|more|my|of|damn|them) )*" + _TEXTS, r"(?:stop|quit) (?:it|this|that)(?: now| please)?$",
    r"(?:don't|do not|never|no longer) (?:ever )?(?:text|message|contact)$",
    r"(?:don't|do not|never|not to|no longer|not) (?:ever )?(?:text|message|contact|send|write|bother|call(?! me(?! (?:again|any ?more|ever|at all)))) "
    r"(?:to )?(?:me|us|this|my|any|anything|texts|messages|here|no more|anymore|again)",
    r"(?:don't|do not|no longer|not|didn't) (?:want|wish|like|need|care)(?:ed|ing)? (?:(?:to|get|getting|"
    r"receive|receiving|be|see|for|have|you|these|any|your|more|this|the|anymore|of|from|on) )*(?:" + _TEXTS +
    r"|texted|contacted|messaged|text me|list)",
    r"(?<!don't )(?<!not )(?<!never )(?:remove|delete|erase|unlist|unenroll|purge|strike|scratch|wipe|forget) (?:me$|my (?:\w+ )?(?:name|number|phone|"
    r"info\w*|cell|contact|data|details|digits|"
    r"records?)|this (?:number|phone|cell|line))", r"(?:remove|delete|erase|unlist|unenroll|purge) (?:me|us|from)",
    r"(?:take|get|pull|cross|strike|keep|drop) " + _ME + r" (?:off|out of (?:this|the|your)|from (?:this|"
    r"the|your) (?:list|texts))",
    r"(?:be|been|get) (?:removed|unsubscribed|taken off|deleted)", r"i want off", r"off (?:the|your|this) list",
    r"unsubscrib\w*", r"opt(?:ing|ed)?(?: me| us)? out", r"leave (?:me|us) alone", r"lose (?:my|this) number",
    r"go away", r"(?:fuck|piss|buzz|bug|eff|f) off",
    r"(?:forget|block|blocking|blocked) (?:my number|you|this number)",
    r"report(?:ing)? (?:you|this number|this as|as spam)", r"(?:withdraw|revoke) (?:my )?consent",
    r"(?:report|flag|mark)(?:ed|ing)? (?:\w+ )?as (?:spam|junk)",
    r"this is harassment",
    r"(?:not|didn't|never) (?:ask|agree|sign|signed|asked|agreed|consent|consented|gave)(?: up)? (?:for|to|"
    r"you)(?: permission)? ?(?:this|these|any|get|be|receive|texts?|messages?|your)?",
    r"no (?:further|more) (?:contact|" + _OURS + r")", r"stop please",
    r"please stop(?! (?:by|at|in|over))", r"i said stop",
    r"(?:have|has|need|want you|asked you|told you|must|should) (?:to|please)? ?stop(?! (?:by|at|in|over|rent|"
    r"the))", r"make it stop", r"stop (?:now|already|forever|immediately|at once)", r"enough already",
    r"done with (?:these|this|the|your) texts", r"(?:discontinue|cease)", r"(?:no longer|not to|don't) receive",
    r"(?:don't|do not|never) (?:want to|wanna|wish to|care to) (?:ever )?hear from", r"please no more$|please no more (?!than)",
    r"(?:don't|do not) (?:want to|wanna) hear about",
    r"(?:number|phone|line|cell) is (?:only )?for (?:work|business|emergenc\w+)(?: only)?",
    r"(?:doesn't|does not) (?:want|need|like) (?:(?:to|get|any|your|more|these|the) )*" + _TEXTS,
    r"take (?:him|her|them|my \w+) off(?! work)",
)
# The same in its general shapes: not wanting what we send, not being written to, out of where numbers are kept.
SHAPES = pattern(
    rf"(?:don't|do not|doesn't|does not|no longer|not|never|nobody|no one|neither|rather not|prefer not)(?: \w+){{0,4}} {_WANT}(?: \w+){{0,4}} "
    rf"(?:{_OURS}|texted|contacted|messaged|from (?:you|them)\b)",
    rf"(?:out|off|rid|away|excuse me|excuse us|spare me|release me)(?: of| from) (?:these|your|this|the|all)(?: \w+)? {_OURS}",
    rf"{_OURS} (?:are|is) (?:not |un|no longer )(?:welcome|wanted|appreciated|needed|solicited)", r"(?:stop|quit|enough) with (?:all )?(?:this|these|that|it)",
    r"(?:don't|do not|never|didn't|haven't) (?:give|gave|given|have|grant)(?: \w+){0,2} (?:permission|consent|authorization)",
    rf"not to (?:get|receive|have|be)(?: \w+){{0,2}} {_OURS}", rf"(?:to|how|i'd) not (?:get|receive|have|see) (?:\w+ )?{_OURS}",
    rf"not (?:get|receive|see) (?:\w+ )?{_OURS} (?:any ?more|again)",
    rf"(?:good|fine|ok|all set|better off) (?:on|with|without) (?:the |any |more |getting |your |all )*{_OURS}",
    r"rather not (?:get|receive|have|see|be|read)", rf"(?:no longer|not) interested in (?:\w+ )?(?:receiving|getting|{_OURS})",
    r"(?:no need|stop|quit|enough) (?:to |for you to )?(?:keep |be )?(?:text|texting|messag\w+|send|sending|contact\w*|reach\w*)",
    rf"(?:remove|delete|erase|exclude|unlist|wipe|scratch|cross|strike|take|get|pull|let|leave|cut|want|keep) {_WHOSE}(?: \w+){{0,3}} (?:off|out|gone|"
    rf"removed|deleted)"
    r"(?! (?:at|on|in|work|early|to|here|for|by|a|an|with|the (?:carpool|van|ride|car))\b)(?! of (?:work|class|school|bed|town|the (?:house|car|van|"
    r"hospital)))",
    rf"(?:remove|delete|erase|exclude|unlist|wipe) {_WHOSE}(?: \w+){{0,2}} (?:number|phone|info|data|contact|from)",
    r"(?:knock|cut|quit|stop|end) (?:it|that|this) (?:(?:off|out) )?with (?:the|your|these|all)", r"(?:knock|cut) (?:it|that|this) (?:off|out)",
    rf"(?:chill|ease up|lay off|back off|enough|done)(?: out)? (?:with|on|of) (?:\w+ )?{_OURS}",
    r"(?:count|leave) (?:me|us) out of (?:this|these|it|your)", r"i (?:just )?want out$", r"do not (?:text|message|contact) list",
    r"(?:stop|quit|cease) (?:reaching out|hitting|blowing|pinging|messing with|asking|writing|using)",
    r"(?:don't|do not|never) (?:ever )?(?:hit|ping|reach|dm|use) (?:me|us|this|my)", r"(?:blowing up|hitting) (?:my|our|this) (?:phone|line|number)",
    r"(?:never|don't remember|do not remember|didn't) (?:sign|signed|signing|gave|give|giving|agree|agreed|asked|ask)(?: \w+){0,3} (?:permission|"
    r"consent|up|texts?|this|these)",
    r"(?:don't|do not) (?:consent|agree) to (?:this|these|your|receive|get|be)", r"i (?:already )?unsubscribed", r"(?:i'm|i am) blocking", r"^blocked$",
    r"(?:end|cancel) (?:my|this|the|these) (?:\w+ )?(?:texts?|messages?|subscription|alerts?)", r"^stop(?:2|to)(?: ?)(?:end|stop|quit|cancel)$",
)
FORMS = pattern(
    rf"(?:no|ya no|nunca|ni|nadie)(?: \w+){{0,3}} (?:quier[oae]\w*|quisier\w+|dese\w+|ocup\w+|necesit\w+|interes\w+|"
    rf"gust\w+)(?: \w+){{0,5}} (?:{_OURS_ES}|recib\w+|"
    r"(?:su|sus|esta|esa|la|de la) lista|lista de mensajes|que me (?:mand|envi|escrib|habl|llam|avis|contact)\w+|que (?:le|les|nos) (?:mand|envi|"
    r"escrib|habl)\w+|saber (?:mas |nada )?de (?:ustedes|esto|usted))",
    r"(?:no|ya no|ni|que no|nunca|jamas)(?: ya| mas| se| vuelv\w+ a| sig\w+| est\w+| and\w+)* (?:me|nos)(?: \w+)? (?:" + _TELL_ES + r")",
    r"(?:no|ya no|ni|que no|nunca)(?: ya| mas| vuelv\w+ a| sig\w+| est\w+)* (?:" + _TELL_ES + r")(?: mas)?(?: (?:aqui|a (?:este|mi)|mensajes?|textos?|"
    r"nada|por favor|mas|ya)|$)",
    rf"(?:quit|borr|elimin|sa[cq]u?|remuev|remov|retir|tach|anul|suprim)(?:a|e|an|en|ar|ir|er|aran|o|as|es)(?: de)? (?:me |nos )?(?:mi|mis|este|ese|"
    rf"nuestro)(?: \w+)? {_MINE}",
    r"(?:quit|borr|elimin|sa[cq]u?|remuev|remov|tach)(?:eme|enme|ame|anme|arme|erme|iremos|arnos|enos|ennos|eran|aran)",
    r"^(?:por favor )?(?:eliminar|borrar|remover|quitar|bloquead[oa]|fuera)(?: por favor)?$",
    r"(?:me|nos) (?:quitaran|borraran|sacaran|eliminaran|quiten|borren|saquen|eliminen|quite|borre|saque|elimine|borra|elimina|incluyan mas)",
    r"(?:dar|darme|denme|deme|doy|quiero|solicito|pido|favor)(?: \w+){0,2} de baja",
    r"^(?:de )?baja(?: ya| por favor| gracias)?$", r"(?:me )?sal(?:go|gome|irme|ir) (?:de|del) (?:\w+ )?(?:grupo|lista|esto|chat|mensajes)",
    r"^(?:ya )?quiero salir(?:me)?(?: de (?:esto|aqui|la lista))?$",
    r"(?:no (?:doy|di|he dado|les di)|nunca (?:di|les di|he dado)|retiro|quito|sin) (?:mi |el |les |ningun )?(?:permiso|consentimiento|autorizacion)",
    r"(?<!no )(?:dejen|deje|deja|dejenme|dejame|dejeme|paren|pare|parale|parele|parenle)(?: ya)? (?:de |a |con )(?:estar |los |las |sus |"
    r"tanto )*(?:mand|envi|escrib|text|mensaj|molest|fastidi|insist|llam|busc|dar lata|llenar|chingar|joder|fregar)\w*",
    rf"(?:cansad|hart|fastidiad|aburrid)[oa]s?(?: \w+){{0,3}} {_OURS_ES}", rf"me canse de (?:\w+ )?{_OURS_ES}", rf"ya basta (?:de|con) (?:\w+ )?{_OURS_ES}",
    r"no (?:me |nos )?(?:esten?|anden?|sigan?) (?:fastidi|molest|chinga|jodi|insist|mand|escrib|envi|busc|llam)\w+",
    r"no mas (?:avisos|recordatorios|llamadas|notificaciones|invitaciones)", r"fuera de mi (?:telefono|celular|numero)",
    r"^(?:stop|alto|paren?|basta)(?: ya)?(?: con| a| de)? (?:mand|envi|escrib|los mens|sus mens|tus mens|mens|text)\w*",
    r"no (?:usen?|ocupen?) (?:mas )?(?:mi|este) (?:numero|telefono|celular)",
)
SPANISH = pattern(
    r"no (?:(?:me|nos|mas|vuelva|vuelvan|vuelvas|sigan|siga|a|le|les|quiero que me) )*" + _SEND_ES,
    r"(?:quit|borr|elimin|saqu|remuev|tach|desuscrib|suspend)(?:a|e|an|en|ar|i|ir)(?:me|nos)", r"sacame|saquenos",
    r"(?:quit\w+|borr\w+|elimin\w+|saqu\w+|sac\w+|remuev\w+|olvid\w+) (?:de )?" + _MINE_ES,
    r"(?:quit\w+|borr\w+|elimin\w+|saqu\w+|sacar\w*|remuev\w+|salir|salirme) (?:me )?(?:de|del) (?:la|su|esta|"
    r"esa|este|su)? ?(?:lista|grupo)",
    r"me (?:quiten?|borren?|borras?|eliminen?|saquen?|quitas?|quitan|remuevan|desuscriban?)",
    r"me (?:puedes?|pueden|podria|podrian|hace|hacen) (?:el favor de )?(?:quitar|borrar|eliminar|sacar|remover|"
    r"desuscribir)", r"dej(?:e|en|a|ar|es|enme|eme|ame) de (?:estar )?" + _SEND_ES,
    r"par(?:e|en|a) de (?:estar )?" + _SEND_ES, r"(?:ya )?(?:paren|pare|basta|parele|parenle)(?: ya| por favor)?$",
    r"no (?:quiero|quisiera|deseo|queremos|necesito|me interesa)(?: que)?(?: me| ya| mas| nos| seguir| sus| "
    r"estos| ningun| tener| mas)* (?:recib\w+|mensajes?|textos?|sms|spam|saber|estar en (?:la|su|esta) lista|" + _SEND_ES +
    r")",
    r"(?:no|ni|ya no) mas (?:mensajes?|textos?|sms|spam)", r"sin (?:mas )?(?:mensajes|textos)",
    r"(?:den|deme|denme|dar|dame|darme|quiero|solicito|pido)(?: la| mi| de)* baja", r"de baja",
    r"(?:dejen|deje|deja|dejenme|dejeme|dejame)(?: me)? (?:en paz|tranquil[oa])", r"ya estuvo (?:bueno|suave|con)",
    r"ya no (?:mas|quiero)(?: mas| mensajes|$)",
    r"cancel(?:ar|en|e|o|a|eme|enme) (?:mi |la |los |estos |esta )?(?:suscripcion|mensajes?|textos?)",
    r"cancelenme|canceleme", r"anul\w+ (?:mi |la )?suscripcion", r"desuscrib\w+",
    r"no (?:les )?autoric\w+|no (?:les )?autorizo", r"(?:los|las|lo|te) voy a (?:reportar|bloquear|denunciar)",
    r"voy a (?:reportar|bloquear|denunciar)(?:los|las|lo|te)",
    r"retir(?:o|en|enme|eme|ar|e) (?:mi )?(?:consentimiento|numero|nombre)", r"retirenme|retireme",
    r"bloque\w+ este numero", r"dejen de (?:molestar|fregar|chingar|joder)",
    r"alto (?:a|con) (?:los|sus|estos) (?:mensajes|textos)", r"cancel\w+ mi (?:numero|telefono)",
    r"no quieren? que (?:me|nos|le|les) " + _SEND_ES, r"ya no (?:me|nos|le|les) avisen?", r"(?:paren?|basta) con (?:esto|eso|sus|los)",
    r"no (?:me |nos )?(?:esten? )?(?:chingando|jodiendo|fregando|molestando)", r"no (?:esten )?(?:chinguen|jodan|molesten|frieguen)",
)
CLEAR = (ENGLISH, SPANISH, SHAPES, FORMS)
