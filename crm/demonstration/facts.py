"""Invented facts: organizations with their numbers, names, streets, planks, replies. The sums agree with each other."""

# slug, name, kind, people, members, pledged, said yes, confirmed, lead, six weekly sums of "said yes"
ORGANIZATIONS = (
    ("southbank", "Southbank Tenants Union", "base_building", 1150, 412, 90, 78, 61, "Imani Broadnax", (12, 20, 31, 45, 64, 78)),
    ("mill", "Mill District Workers Center", "base_building", 560, 236, 60, 47, 29, "Samir Haddad", (0, 8, 15, 22, 40, 47)),
    ("wardsix", "Ward Six Parents", "base_building", 360, 158, 50, 38, 27, "Keisha Tolliver", (4, 9, 18, 26, 33, 38)),
    ("arroyo", "Casa Arroyo", "base_building", 330, 141, 40, 36, 24, "Beatriz Carranza", (0, 6, 20, 28, 34, 36)),
    ("elders", "Canal Street Elders", "faith", 240, 97, 30, 24, 17, "Ruth Anne Pickering", (6, 10, 14, 18, 22, 24)),
    ("tideline", "Tideline Youth Council", "base_building", 210, 84, 28, 12, 4, "Joelle Baptiste", (0, 0, 3, 7, 11, 12)),
    ("riders", "Harbor Transit Riders", "base_building", 150, 56, 20, 6, 2, "Curtis Webb", (0, 2, 5, 6, 6, 6)),
)
# days ago, title, question, goal, what the day did to everybody's coming
PAST = (
    (1100, {"en": "Port Callan Rent Assembly", "es": "Asamblea de la Renta de Port Callan"},
     {"en": "What would a fair rent law say?", "es": "¿Qué diría una ley de renta justa?"}, 150, -0.09),
    (880, {"en": "Assembly on Repairs", "es": "Asamblea sobre Reparaciones"},
     {"en": "Which repairs come first, and who pays?", "es": "¿Qué reparaciones van primero y quién paga?"}, 180, 0.04),
    (640, {"en": "Canal Street Assembly", "es": "Asamblea de la Calle Canal"},
     {"en": "How do we stop the evictions on Canal Street?", "es": "¿Cómo paramos los desalojos de la Calle Canal?"}, 200, 0.0),
    (380, {"en": "Port Callan Renters’ Assembly", "es": "Asamblea de Inquilinos de Port Callan"},
     {"en": "What do we demand of the city this year?", "es": "¿Qué le exigimos a la ciudad este año?"}, 250, 0.0),
)
CALLERS = ("Imani Broadnax", "Imani Broadnax", "Abel Mayfield", "Yusra Dawes")
COALITION = ("table", "Common Table")

AREAS = (
    206, 209, 213, 253, 310, 323, 360, 408, 415, 424, 425, 442, 503, 510, 530, 559, 562, 619, 626, 628, 650, 657, 661, 669, 707,
    714, 747, 760, 805, 818, 831, 858, 909, 916, 925, 949, 951, 971,
)  # Pacific; 555-0100 to 555-0199 are kept for fiction in each
GIVEN = {
    "en": ("Abel", "Alma", "Andre", "Bernice", "Calvin", "Clarice", "Darnell", "Delphine", "Earl", "Esther", "Felix", "Gloria",
           "Harold", "Imogen", "Isaac", "Jamal", "Joelle", "Keisha", "Lamont", "Lorraine", "Marcus", "Naomi", "Odessa", "Otis",
           "Patrice", "Rashad", "Ruth", "Samir", "Thelma", "Tobias", "Vernon", "Winston", "Yusra", "Zora", "Fatuma", "Grace"),
    "es": ("Adelina", "Beatriz", "Catalina", "Eusebio", "Fidel", "Graciela", "Hortensia", "Ignacio", "Jacinto", "Leonor", "Lupe",
           "Marisol", "Nayeli", "Ofelia", "Paloma", "Ramiro", "Rosalba", "Santiago", "Teodoro", "Ximena", "Yolanda", "Zenaida"),
    "vi": ("Hanh", "Lan", "Minh", "Quang", "Thuy", "Tuan"),
}
FAMILY = {
    "en": ("Abdi", "Baptiste", "Broadus", "Coleman", "Dawes", "Ellison", "Ferreira", "Gaines", "Haddad", "Ingram", "Jeffers",
           "Kincaid", "Lattimore", "Mayfield", "Nesmith", "Okafor", "Oyelaran", "Petrenko", "Pickering", "Quarles", "Rollins",
           "Sutter", "Tolliver", "Underhill", "Vance", "Webb", "Yancey", "Zeller"),
    "es": ("Arroyo", "Benavides", "Carranza", "Delgadillo", "Escamilla", "Fuentes", "Galindo", "Huerta", "Jaramillo", "Lozano",
           "Montoya", "Nájera", "Olivares", "Pedroza", "Quintero", "Rentería", "Salcido", "Tovar", "Urrutia", "Villaseñor", "Zúñiga"),
    "vi": ("Nguyen", "Tran", "Pham", "Le", "Vo", "Dang"),
}
NEIGHBORHOODS = ("Southbank", "Mill District", "Ropeworks", "Canal Street", "Harbor Flats", "Ward Six")
STREETS = ("Carver Street", "Ferry Lane", "Mill Street", "Net Loft Row", "Foundry Avenue", "Tern Street", "Quayside", "Lantern Court")
SOURCES = ("Door-knocking, spring", "Building meeting", "Assembly sign-in", "Friend of a member", "Rent clinic")

# name, language, words, hours ago: replies that wait for an answer
WAITING = (
    ("Rosalba Quintero", "es", "Sí voy con los niños, son dos, 4 y 7. ¿A qué hora termina?", 2),
    ("Marcus Oyelaran", "en", "What time does the bus leave from the Ropeworks?", 3),
    ("Hanh Nguyen", "en", "My mother wants to come. She speaks Vietnamese only", 5),
    ("Winston Ferreira", "en", "I thought this was about repairs not rents. Why should I go", 24),
    ("Nadia Petrenko", "en", "wrong number?", 48),
)
# name, words of the last talk, next step, days from today
TALKS = (
    ("Abel Montoya", "Knows everyone on his floor. Wants a lawyer in the building once a week.", "Said he would lead a table on the 21st", 0),
    ("Yusra Abdi", "Chaired the repairs meeting for the first time.", "Ready to chair Repairs? Ask her", 2),
    ("Delphine Okafor", "Tired after the hearing, not giving up.", "First talk since her eviction hearing", -4),
    ("Curtis Webb", "Transit Riders are stretched thin before the election.", "Transit Riders pledged 20, have 6", -9),
)

PLATFORM_TITLE = {"en": "A Home in Port Callan", "es": "Un hogar en Port Callan"}
PLATFORM_INTRO = {
    "en": "We are renters, workers, parents, elders and young people of Port Callan. We wrote this together, in kitchens and in one hall.",
    "es": "Somos inquilinas e inquilinos, trabajadores, madres y padres, mayores y jóvenes de Port Callan. "
          "Escribimos esto en conjunto, en nuestras cocinas y en una misma sala.",
}
# section, English title, Spanish title, English text, Spanish text, (yes, no, abstain) of last year's 742 ballots
PLANKS = (
    ("Rents and evictions", "A lawyer for every tenant facing eviction", "Una abogada o abogado para cada inquilino que enfrenta un desalojo",
     "Every tenant in Port Callan who receives an eviction notice has the right to a lawyer, paid by the city, from the first notice to the last appeal.",
     "Toda persona inquilina de Port Callan que reciba un aviso de desalojo tiene derecho a representación legal, pagada por la ciudad, "
     "desde el primer aviso hasta la última apelación.", (689, 31, 22)),
    ("Rents and evictions", "A 3 percent ceiling on yearly rent increases", "Un tope del 3 por ciento a los aumentos anuales de renta",
     "No landlord in Port Callan may raise the rent on a home by more than 3 percent in a year, including between tenants. "
     "Owners who make real repairs can ask the Rent Board for more.",
     "Ningún propietario en Port Callan podrá subir la renta de una vivienda más del 3 por ciento al año, tampoco entre un inquilino y otro. "
     "Quien haga reparaciones de verdad puede pedir más a la Junta de Rentas.", (604, 97, 41)),
    ("Public land", "Public land for homes that stay affordable", "Tierra pública para viviendas que sigan siendo accesibles",
     "Land that the city owns is leased, never sold, and only for homes whose rents stay within a third of what the people who live there earn.",
     "La tierra de la ciudad se arrienda y nunca se vende, y solo para viviendas cuya renta no pase de un tercio de lo que gana quien vive en ellas.",
     (655, 44, 43)),
    ("Repairs", "Repairs that tenants can start, with deadlines", "Reparaciones que los inquilinos puedan iniciar, con plazos",
     "A repair that concerns heat, water, mold or locks is begun within seven days. After that the tenants may have it done and take the cost from the rent.",
     "Toda reparación de calefacción, agua, moho o cerraduras se empieza dentro de siete días. Después, los inquilinos pueden mandarla hacer y "
     "descontar el costo de la renta.", (671, 38, 33)),
    ("Rents and evictions", "Housing court in the languages we speak", "Un tribunal de vivienda en los idiomas que hablamos",
     "Notices, forms and hearings of the housing court are in the language of the tenant, with interpreters that the court provides.",
     "Los avisos, los formularios y las audiencias del tribunal de vivienda son en el idioma de la persona inquilina, con intérpretes que pone el tribunal.",
     (698, 19, 25)),
    ("Public land", "A fee on homes kept empty for six months", "Una cuota a las viviendas vacías por seis meses",
     "Owners who keep a home empty for more than six months pay a yearly fee of 2 percent of its value into the Port Callan homes fund.",
     "Quien mantenga vacía una vivienda por más de seis meses paga cada año el 2 por ciento de su valor al fondo de vivienda de Port Callan.",
     (468, 214, 60)),
    ("Public land", "More homes allowed near bus and tram stops", "Más viviendas cerca de las paradas de autobús y tranvía",
     "Within five minutes' walk of a bus or tram stop, buildings of up to five floors are allowed where one in three homes is affordable.",
     "A cinco minutos a pie de una parada de autobús o tranvía se permiten edificios de hasta cinco pisos si una de cada tres viviendas es accesible.",
     (421, 262, 59)),
    ("Who decides", "Residents elected to the Housing Authority board", "Residentes elegidos en la junta de la Autoridad de Vivienda",
     "Residents elect a majority of the seats on the board of the Housing Authority, by a vote in every building.",
     "Las y los residentes eligen la mayoría de los puestos de la junta de la Autoridad de Vivienda, con una votación en cada edificio.", (612, 83, 47)),
)
# this year's draft: section, titles, texts
DRAFT = (
    ("Rents and evictions", "Registration of every rented home", "Registro de toda vivienda en renta",
     "Every home for rent is registered with the Rent Board, with its rent and its repairs. An unregistered home cannot be the ground of an eviction.",
     "Toda vivienda en renta se registra en la Junta de Rentas, con su renta y sus reparaciones. Una vivienda sin registro no puede dar motivo a un desalojo."),
    ("Repairs", "A heat standard for summer as well as winter", "Una norma de temperatura para el verano y el invierno",
     "No bedroom may be hotter than 82 degrees in summer or colder than 68 in winter. The landlord provides what is needed.",
     "Ningún dormitorio puede pasar de 82 grados en verano ni bajar de 68 en invierno. El propietario pone lo necesario."),
    ("Getting around", "A night bus on every line", "Un autobús nocturno en cada línea",
     "Every bus line runs at least once an hour between midnight and five, so that people who clean, cook and care can get home.",
     "Cada línea de autobús pasa al menos una vez por hora entre la medianoche y las cinco, para que quienes limpian, cocinan y cuidan puedan volver a casa."),
    ("Who decides", "A yearly answer from the council in the open", "Una respuesta anual del concejo, en público",
     "Each November the city council answers this platform plank by plank in an open assembly, with what was done, what was not, and why.",
     "Cada noviembre el concejo de la ciudad responde a esta plataforma, punto por punto, en una asamblea abierta: qué se hizo, qué no, y por qué."),
)
# this week's texting drive, who texts, and what two people answered each of them
DRIVE, DRIVE_LIST = "Ropeworks, door to door by text", "Members in Ropeworks who read English"
DRIVE_WORDS = {
    "en": "Hi {first_name}, it's {organizer} from {organization}. Will you come to the People's Housing Assembly with us? Reply STOP to opt out.",
    "es": "Hola {first_name}, le escribe {organizer} de {organization}. ¿Vendrá con nosotros a la Asamblea Popular por la Vivienda? Responda STOP para salir.",
}
VOLUNTEERS = ("Sofía Barrera", "Marcus Webb", "Hanh Tran")
BY_HAND = (("Yes, I'll be there", "what time does it start?"), ("yes and my sister too", "I work that day"), ("Is there a ride?", "count me in"))
SECTIONS = {
    "Rents and evictions": "Rentas y desalojos", "Public land": "Tierra pública", "Repairs": "Reparaciones", "Who decides": "Quién decide",
    "Getting around": "Cómo nos movemos",
}


def wording(section: str, en: str, es: str, text_en: str, text_es: str) -> dict[str, dict[str, str]]:
    """A plank as platforms takes it: everything in both languages."""
    return {"titles": {"en": en, "es": es}, "texts": {"en": text_en, "es": text_es}, "sections": {"en": section, "es": SECTIONS[section]}}
