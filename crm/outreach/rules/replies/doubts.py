"""What may be an opt-out: a word that ends near a word for what we send. And what holds such a word and plainly is none."""
from crm.outreach.rules.replies.words import pattern

# Who else may stop, harass, remove: what they do is what members write to us about.
_THIRD = (r"(?:they|he|she|it|landlord|owner|manager|management|company|super|police|cops|ice|boss|school|city|developer|bank|judge|court|mayor|"
    r"agents?|neighbors?|"
          r"daughter|son|brother|sister|cousin|husband|wife)")
_DOES = (r"(?:stop\w*|quit\w*|harass\w*|annoy\w*|remov\w*|block\w*|spam\w*|bother\w*|cancel\w*|end\w*|delet\w*|tak(?:es|ing)|took|leav(?:es|ing)|left|"
    r"is doing|doing|text(?:s|ing|ed)?|"
         r"messag(?:es|ing|ed)|sends?|sending|sent|calls?|calling)")
_THIRD_ES = (r"(?:duen[oa]s?|caser[oa]s?|manager|patron\w*|jef[ea]s?|policia|compania|administrador\w*|encargad[oa]|banco|juez|alcalde|"
    r"propietari[oa]s?|el|ella|ellos)")
_LINKED = (r"(?:(?:won't|will not|doesn't|don't|didn't|never|just|always|keeps?|has|have|had|is|are|was|were|did|do|does|been|going to|of the \w+|"
    r"in \w+|that|who|not|can't) ){0,4}")
_LINKED_ES = r"(?:(?:no|me|nos|se|le|les|lo|siempre|ya|que|quiere|del? \w+|de (?:mi|la|el) \w+|esta|anda|han?) ){0,4}"
# The word is there, and plainly means something else.
HARMLESS = pattern(
    r"(?:i'll|i will|i can|can i|can we|could i|we'll|we can|may i|might|will|let's|going to|just|i'd|should i|"
    r"should we|ok)(?: try to| try and| come)? stop (?:in|over|for|at(?! once))", r"stop(?:ping)? by",
    r"(?:bus|next|last|metro|train|first|which|what|trolley|subway) stops?", r"stops? (?:at(?! once)|on|near)",
    r"stop sign", r"don't worry|no se preocupen?",
    r"(?:non|can't|won't|don't|never|not|shouldn't|couldn't|nobody can|until we) ?stop(?:ping)?(?! text| send| "
    r"messag)",
    r"stop(?:ping|s)? (?:the |these |all |this |our |their |from )*(?:rent|rents|evictions?|evicting|landlords?|"
    r"ice|deportations?|cops|police|violence|cuts|hikes|increases?|them(?!$)|war|displacement|developers?|hate|"
    r"demolition|sale|raids|being evicted|raising|crying|talking|thinking|paying|serving|smoking)",
    r"stop(?:ping)? (?:to|for|in(?! sending| texting)|by|at|off|over|work|order|payment|whatever|what you)(?! (?:end|text))",
    r"forget to (?:text|call|message)\b", r"hesitate to (?:text|call)",
    r"(?:don't|do not) (?:get|receive|see) (?:your|the|any|these) (?:texts?|messages?)", r"(?:wasn't|weren't|am not|i'm not|not) (?:getting|receiving)",
    r"why (?:did|do|am) i (?:stop|not)(?:ped)? (?:getting|receiving)", r"my last (?:answer|message|text)",
    r"(?:take|leave|get|pick|drop) \w+(?: \w+)? off the list for", r"drop (?:me|us|him|her|them|my \w+|the \w+) off",
    r"phone (?:has |is |was )?(?:stopped|died|off|broke\w*)", r"forget the", r"report (?:the|these|those|a|my)(?: \w+ (?:calls?|texts?))?",
    r"leave (?:the|a|some) \w+", rf"{_THIRD} {_LINKED}{_DOES}(?: (?:me|us|on|with|our|the))?",
    rf"(?:what|how) (?:the )?{_THIRD}(?: \w+)?", rf"this is harassment what (?:the )?{_THIRD}", r"(?:no one|nobody) (?:told|asked|gave|showed)",
    r"(?:not|ya no|no) (?:es|is) (?:de|el|of)", r"(?:dieron|dio|daran) de baja", r"quit\w+ al",
    r"(?:nos|me) (?:quier\w+|van a|va a|pretend\w+|tratan? de|intentan?) (?:sacar|quitar|echar|borrar)\w*",
    r"(?:quier\w+|van a|va a|pretend\w+|tratan? de|intentan?)(?: \w+)? (?:sacar|quitar|echar)(?:nos|me)",
    r"(?:no )?(?:dejamos|paramos|paro|para|paran)(?! ya$)(?! de (?:mand|escrib|text|envi|molest))",
    r"no (?:dej|par)(?:o|a|amos|an|en|es|e) (?:de|con)(?: \w+)?", r"no (?:me|nos) (?:lleg(?!ue)|mandar|mando|han mandado|ha llegado|envia?r)\w*",
    r"no (?:recib(?:o|i|imos|ieron)|me llegan|llegan)", r"ya basta de (?!mensajes|textos|sms|avisos|esto|tanto|sus)\w+",
    rf"{_THIRD_ES} {_LINKED_ES}(?:molest|acos|par|dej|deja|hostig|fastidi|amenaz|quit|saqu|sac)\w*",
    r"(?<!me )(?<!nos )(?:molesten?|manden?|escriban?|llamen?) (?:a mi |al |a la |a los )(?!este|ese)\w+",
)

LOOSE = pattern(
    r"stop(?:ping|s)?",
    r"spam(?:mers?|ming|med)?(?! (?:calls?|texts?|emails?|messages?) (?:from|about|pretending|that|saying))(?! (?:con|del?|que) )", r"harass\w+", r"scam",
    r"unwanted",
    r"(?:your|you(?:'re| are)?|this is|these are|texts? (?:is|are|keep)|so|very) annoy\w+|how annoying$|annoying me", r"not a member any ?more",
    r"remove(?:d)?(?: (?:it|this|her|him|please))?$", r"(?:remove|delete|erase) (?:it|this|her|him|the (?:number|phone|name|contact|info\w*|person|line))",
    r"leave .{0,20}alone", r"let me alone", r"too many (?:texts|messages)",
    r"(?:sick|tired) of (?:these|your|the|all|getting)",
    r"how (?:do|can) i (?:get off|get out of this|unsubscribe|leave)", r"shut up", r"go to hell", r"get lost",
    r"(?:do not|don't) call(?: me| us)?", r"fcc|tcpa|sue you", r"(?:i'm |i am |i have |i will |i'll |been |just |getting |^)block(?:ed|ing)(?! the)",
    r"(?:don't|do not) (?:want|need|care for) (?:this|these|it|any of)",
    r"(?:your|this|mailing|texting) list", r"enough(?: is enough|$| with)",
    r"no more(?: please| thanks?)*$", r"not my (?:number|phone) .*(?:remove|delete)", r"acos\w+", r"estafa\w*",
    r"molest\w+", r"como (?:me salgo|cancelo|me desuscribo|me quito)", r"basta", r"demasiados (?:mensajes|textos)",
    r"(?:cansad|hart|fastidi)[oa]\w* (?:de|con)", r"call(?:ense|ese|ate)", r"no mas$|ya no mas",
    r"de (?:su|esta|esa) lista", r"dejen(?:me)?$|ya dejen(?:me)?|dejenme",
    r"(?:quit|borr|elimin|saqu)(?:en|e|a|enlo|elo|enla|ela)(?! (?!(?:me|mi|mis|nos|nuestr[oa]s?|este|por|ya|de|del|gracias|todo|numero|please|porfa|ahora|"
    r"hoy)\b))", r"no (?:quiero|deseo) (?:esto|estos|nada|mas|saber)",
    r"mensajes no", r"no (?:manden|mande|envien|envie|escriban|escriba)",
)
# A word that ends, and a word for what we send or where we keep numbers, near each other.
_ENDS = (
    r"(?:stop\w*|quit\w*|end(?:ing)?|ceas\w+|cancel\w*|discontinu\w*|deactivat\w*|disabl\w*|disconnect\w*|suspend\w*|halt\w*|paus\w+|unsub\w*|"
    r"remov\w*|delet\w*|eras\w+|exclud\w*|"
    r"withdraw\w*|drop|block|(?:turn|shut|take|get|keep|let|cut|sign) (?:\w+ ){0,2}(?:off|out)|off|no more|enough|no longer|too many|(?:sick|tired|"
    r"done|fed up) (?:of|with)|last|"
    r"(?:don't|do not|not|never|no|without|shouldn't|should not) (?:\w+ ){0,3}(?:text\w*|messag\w*|contact\w*|writ\w+|send\w*|sent|includ\w+|"
    r"disturb\w*|be|use|want|have|hear|bother\w*|receiv\w+)|no|"
    r"dej(?:e|en|a|ar|as|o)|paren?|parar?|bast[ae]|alto|deten\w+|suspend\w+|desactiv\w+|apag\w+|termin(?:e|en|ar)|cancel\w+|quit(?:a|e|en|ar)\w*|"
    r"borr(?:a|e|en|ar)\w*|elimin(?:a|e|en|ar)\w*|"
    r"sa(?:ca|que|quen|car)\w*|remuev\w+|retir\w+|baja|ya no|no mas|nunca|mucho|demasiad\w+|tanto|canse|no \w+)"
)
_SENT = (
    r"(?:texts?|texting|txts?|sms|messages?|messaging|notifications?|alerts?|updates|reminders|outreach|spam|(?:the|your|this|that|any|mailing|"
    r"texting) (?:list|system|database|group|chat|thread|files?|records?)|"
    r"my (?:number|phone|cell|name|info|line|inbox)|this (?:number|phone|line|cell)|these|mensajes?|textos?|avisos|recordatorios|notificaciones|"
    r"mi (?:numero|telefono|celular|nombre)|este (?:numero|telefono|celular)|"
    r"(?:su|la|esta|esa) (?:lista|base)|(?:sus|mis) (?:contactos|datos)|texte\w+|mandando|escribiendo|enviando|recib(?:ir|iendo))"
)
MIXED = pattern(rf"{_ENDS} (?:[\w']+ ){{0,4}}{_SENT}", rf"{_SENT} (?:[\w']+ ){{0,3}}{_ENDS}")
# Said of a text they did not get, cannot read or are glad of; of getting on the list; of another number of theirs.
ELSE = pattern(
    r"read\w*", r"underst\w+", r"got", r"get", r"saw", r"seen?", r"find", r"found", r"lost", r"open", r"llego|llegaron|llega\w*|llegan",
    r"recibi|recibo|recibimos", r"entend\w*|entiend\w*", r"encuentr\w+",
    r"perdi\w*", r"abr\w+", r"leer|lei|lee", r"answer\w*", r"contest\w+|respond\w+", r"sorry", r"perdon", r"phone (?:was|is)", r"works?|worked|working",
    r"funciona\w*", r"put me|add (?:me|my)|sign me", r"(?:apunt|anot|agreg|pon)\w*(?:me|nos)",
    r"am i|is my name|estoy en|signed|firme|firmamos", r"(?:my|mi) new|nuevo (?:numero|telefono)|other number|old number|otro numero",
    r"no (?:problem|worries|hay problema|se preocupe)", r"love|thanks for|gracias por|ayudan?|encantan?",
    r"keep (?:the|me|them|sending|texting)|sig(?:an|a|ue|uen) (?:mand|escrib|envi|avis)\w+", r"any ?time|cuando quiera|por aqui",
    r"only in|solo en|en (?:espanol|ingles)|in (?:english|spanish)", r"after \d+|despues de las",
    r"mold|heat|gas|rent|renta|lease|lights?|agua|cocina|repairs?|flyers?|volantes|stairs|work order|notice|aviso de", r"tengo su|have (?:your|text)",
    r"only calls|solo llamadas",
)
# Asked to leave without a word for what we send.
SHORT = pattern(
    r"^(?:please |por favor |ya )?(?:deactivate|disable|unlist|desactivar|desactiven?|detener(?:se)?|detengan?(?:se)?|suspendan?|suspender|"
    r"apaguen?(?: esto)?|remover|eliminar|borrar|quitar|cancelar|cancelen?|bloque\w+|block|removal)(?: todo| esto| everything| this| numero| number)?"
    r"(?: please| por favor| ya)?$", r"request\w* (?:\w+ ){0,2}removal|removal request", r"cancel (?:me|us) (?:from|off|out)", r"let me go(?:$| from)",
    rf"(?:hate|despise|can't stand|don't read|odio|detesto|no soporto|no leo) (?:all |any |todos )?(?:{_SENT}|your texts|your messages|sus mensajes)",
    r"(?:not|no longer) interested in (?:your|this) (?:organization|org|group|union|cause|politics|movement|campaign)", r"shut (?:\w+ ){0,2}up",
    r"(?:you're|you are|this number is|you)(?: now)? blocked", r"(?:person|man|woman|member)(?: \w+){0,4} (?:died|deceased|dead|passed away)",
    r"(?:tantos|muchos|puros) (?:mensajes|textos)$|me llegan (?:tantos|muchos|puros) (?:mensajes|textos)",
    r"(?:turn|shut|switch) (?:this|these|it|them|notifications) off|(?:turn|shut|switch) off (?:these|notifications|the (?:texts|messages))",
    r"(?:want|like|have|need) to (?:end|cancel|discontinue) (?:this|it|these)|^i want to cancel$",
    r"no more from (?:you|them)|no mas de (?:ustedes|usted|esto)", r"(?:respect|invad\w+) my privacy",
    r"(?:do not|don't|no) (?:disturb|molestar)(?: (?:me|us|this \w+))?(?: please| any ?more)?$|kindly do not disturb",
    r"(?:you are|you're|you keep) (?:bothering|annoying|harassing|spamming) (?:me|us)",
    r"(?:sick|tired|fed up) (?:of|with) (?:this|it|you)(?: all| guys| people| folks)?$", r"gtfo|stfu", r"(?:don't|do not) include (?:me|us|my|this)",
    r"dej(?:ar|o|e) de (?:recib|mand|escrib)\w+", r"(?:ya )?(?:les|le|te) dije que no(?: \w+)?$|que parte (?:de|del) no",
    r"(?:deje|dejen|olvid\w+) (?:de )?mi (?:numero|telefono)",
    r"llenando (?:el|mi) (?:telefono|celular)", r"mucho mensaje", r"(?:no|ya no) recibir(?: mas|$| mensajes)",
    r"(?:take|remove|get) (?:his|her|their) (?:name|number)",
    r"(?:don't|do not) (?:text|write|message|contact)(?: me| us| here| this number| again| anymore)?$",
    r"(?:be|is|was) (?:the|your|my) (?:very )?last (?:message|text|one|time)(?: (?:i|you|we)| please|$)",
    r"(?:sea|es) (?:el|la) ultim[oa] (?:mensaje|texto|vez)",
    r"middle finger", r"^never again$", r"^no (?:contact|consent|contactar|autoriz\w+)$", r"^para ya\b",
    r"(?:don't|do not|never) (?:put|add|keep|include|have|sign) (?:me|us|my \w+) (?:on|to|in|up)",
    r"(?:one|1) more (?:text|message) (?:and|or|from you)", r"if i (?:get|receive|see) (?:one|1|another|any)(?: more)? (?:text|message)",
    r"(?:one|1|another|un|una|otro)(?: more| mas)? (?:text|message|call|mensaje|texto)(?: mas)? .*(?:police|cops|lawyer|attorney|block\w*|report\w*|sue|"
    r"fcc|court|"
    r"policia|abogad[oa]|bloque\w+|denunci\w+|demand\w+)",
    r"(?:hear\w*|calls?|contact\w*|letter) (?:\w+ ){0,2}(?:from|by) (?:my|our|an?) (?:lawyer|attorney)",
    r"my (?:lawyer|attorney) (?:will|is going|is hearing|has been)",
    r"(?:contact|call|get|talk to|hire|involve)(?:ing|ting)? (?:my|our|an?) (?:lawyer|attorney)(?! (?:about|for|to help))",
    r"mi abogad[oa] (?:los|las|le|les|te|se)", r"(?:contact|habl|llam|llev)\w* (?:esto )?(?:a|con) mi abogad[oa]",
    r"want (?:nothing|no part|none)(?: more| else)?(?: of| to do with| from) (?:this|it|you|these|your)",
    r"no (?:quiero|deseo|queremos)(?: tener| saber)? nada(?: mas)?(?: que ver)? (?:con|de) (?:ustedes|usted|esto|su)",
    r"(?:please|por favor) (?:delete|remove|erase|unlist|borrar|quitar|eliminar)$", r"(?:voy|vamos) a demandar(?:los|les|te|lo|la|las)?|demandarl[oae]s?",
    r"(?:shouldn't|should not|not supposed to) be (?:in|on) (?:your|this|the)",
    r"too many of (?:these|them)", r"(?:struck|removed|deleted|taken|erased|off) from (?:your|the|this)",
    r"(?:not|don't think i'm|shouldn't) (?:be )?supposed to (?:be )?(?:get|receiv)\w+",
    r"(?:am i|are you|do you|do i) (?:still |keep )(?:getting|receiving|sending|texting|messaging)(?: me)?(?: these| this| texts?|"
    r" messages?| anything)?$",
    r"still (?:getting|receiving|sending) (?:these|this|your|texts?|messages?)",
    r"por que (?:me |nos )?sig(?:ue|uen|o) (?:mand|escrib|envi|llam|recib)\w+",
    r"(?:que )?(?:no|ya no) (?:me|nos) (?:mandaran?|escribieran?|enviaran?|llamaran?|molestaran?)",
    r"(?:me|nos) (?:borr|quit|sac|elimin|desuscrib)(?:an?|as) (?:de |del |por favor|ya)",
    r"favor (?:de )?(?:quit|borr|elimin|sac|remov)\w+", r"(?:delete|remove|erase|lose|unsubscribe) (?:the |this )?(?:number|\d{3}[ \d]*)$",
    r"(?:not|no longer|these are not) needed(?: thanks| thank you)?$", r"(?:let|leave) (?:me|us) be$",
    r"do not (?:reply|send|respond)(?: (?:to )?(?:this|again|me|anything))?$",
    r"dejense de|dejen se de|dejate de", r"ya (?:le|les|lo) (?:habia|habiamos|he) (?:dicho|pedido)|ya habia dicho que no",
    r"^(?:can|could|will|would) you (?:please )?(?:quit|stop)$", r"otra vez ustedes",
    r"does not (?:get|accept|take) texts", r"(?:do not|don't) authori[sz]e", r"(?:any )?further (?:texts?|messages?|contact|communications?)",
    r"^(?:please )?(?:off|out|dont|don't|nomore|no more)(?: please)?$", r"nomore (?:texts?|messages?)",
    r"get (?:off|out of) (?:my|our) (?:phone|line|case|back)", r"(?:leave|exit) (?:this|the|your) (?:group|chat|list)", r"(?:no|zero) (?:list|text|message)",
    r"(?<!don't )(?<!not )(?<!never )forget (?:about )?(?:me|us)(?: please)?$", r"(?:person|he|she) (?:is|has) (?:deceased|dead|passed)",
    r"(?:waste|save) (?:your|the) (?:texts?|messages?|time)", r"(?:text|bother|message|annoy) (?:somebody|someone|anybody|anyone) else",
    r"(?:somebody|someone) else to (?:text|bother|message)", r"never (?:subscribed|signed up|joined|enrolled)",
    r"salganse|salgase", r"(?:nada|cero|ni uno|ningun)(?: de| mas)? (?:mensajes?|textos?|avisos)",
    r"(?:mand|escrib|busqu|molest|text)\w* a (?:otr[oa](?: \w+)?|alguien mas)$|^busquen a otra persona$",
    r"(?:nunca|yo no|no) me (?:suscribi|inscribi|apunte|anote|registre)",
    r"olvid(?:enme|ame|eme|ense de mi|ese de mi|ate de mi)", r"(?:me )?tienen? (?:hart|aburrid|cansad|fastidiad)[oa]",
    r"^(?:ay )?que (?:fastidio|lata|molestia)(?: con (?:ustedes|esto))?$", r"ces(?:e|en) (?:los|sus|de)", r"des(?:inscrib|apunt|anot|afili)\w+",
    r"no tienen? (?:mi )?(?:permiso|autorizacion|derecho)", r"not (?:one|another|a single)(?: \w+)? (?:more )?(?:text|message)",
    r"(?:mind|prefer|rather) (?:you )?not (?:text|messag|send|contact)\w*", r"no (?:estes|esten|este|anden?) \w+ndo",
    r"(?:don't|do not|no longer|not) (?:want|wish|care|like|part|need|belong)(?: \w+){0,2} (?:to be (?:a )?part|to participate|to be (?:in|"
    r"on) (?:this|your)|no more|any of this|this)",
    r"not part of (?:\w+ ){1,3}(?:anymore|any more|no more)", r"(?:delete|lose|erase) (?:my|these|this) \w+$", r"sign (?:me|us) (?:off|out)$",
    r"(?:count|leave|keep) (?:me|us|my \w+|this \w+) out of",
    r"(?:don't|do not) (?:text|message|write|send) (?:it|on it|that|there|him|her|them)", r"(?:ser|sea|quedar|fuera) (?:eliminad|removid|borrad|dad)[oa]s?",
    r"(?:los|las|lo|ya) bloqu[ei]\w+", r"(?:ya )?(?:parenle|parele|parale|bajenle|bajele|bajale)", r"ya chole", r"hasta (?:la madre|el gorro)",
    r"(?:no|ya) (?:quiero|queremos)$|ke no quiero", r"por favor ya no$|ya no por favor$", r"me (?:cobran|cuestan) (?:los|por|cada) (?:mensaj|texto)\w*",
    r"cost(?:s|ing)? (?:me|us) (?:money|per)|pay per text",
    r"(?:ya no|no) (?:soy|pertenezco|formo|somos) (?:parte|miembro|de|del|a|al)\b.*(?:mand|avis|escrib|mensaj)",
)
