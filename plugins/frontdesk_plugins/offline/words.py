"""The English that this model understands, as data. Another language is another module like this.

Everything is lower case, and spelt as `spelling` leaves it.
"""

UNITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "too": 2, "fore": 4,
}  # fmt: skip
"""Counts below ten. "too" and "fore" are left out of everything but whole answers."""
MISHEARD = ("too", "fore")
TEENS = {
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
GROUPS = {
    "a couple of": 2,
    "a couple": 2,
    "a pair of": 2,
    "half a dozen": 6,
    "a dozen": 12,
    "half dozen": 6,
    "half-dozen": 6,
    "dozen": 12,
    "two dozen": 24,
    "2 dozen": 24,
    "three dozen": 36,
    "baker's dozen": 13,
}
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13,
    "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18,
    "nineteenth": 19, "twentieth": 20, "twenty-first": 21, "twenty first": 21,
    "twenty-second": 22, "twenty second": 22, "twenty-third": 23, "twenty third": 23,
    "twenty-fourth": 24, "twenty fourth": 24, "twenty-fifth": 25, "twenty fifth": 25,
    "twenty-sixth": 26, "twenty sixth": 26, "twenty-seventh": 27, "twenty seventh": 27,
    "twenty-eighth": 28, "twenty eighth": 28, "twenty-ninth": 29, "twenty ninth": 29,
    "thirtieth": 30, "thirty-first": 31, "thirty first": 31,
}  # fmt: skip

MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
MONTHS = {name.lower(): n for n, name in enumerate(MONTH_NAMES, 1)} | {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9,
    "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip

WEEKDAY_NAMES = (
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
)  # fmt: skip
WEEKDAYS = {name.lower(): n for n, name in enumerate(WEEKDAY_NAMES)} | {
    "tues": 1, "weds": 2, "thurs": 3, "thur": 3,
}  # fmt: skip
SHORT_WEEKDAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
"""Also ordinary words ("in the sun", "wed like to", "we sat"), so they are read with care."""

TODAY = ("today", "tonight", "later on today", "this evening", "this eve", "this afternoon",
         "this arvo", "this morning", "this lunchtime", "this lunch")  # fmt: skip
TOMORROW = ("tomorrow",)
YESTERDAY = ("yesterday", "last night")

DAYPARTS = {
    "breakfast": (5, 12), "brunch": (9, 16), "morning": (0, 12), "lunch": (11, 17),
    "lunchtime": (11, 17), "afternoon": (12, 19), "arvo": (12, 19), "evening": (16, 24),
    "dinner": (16, 24), "supper": (16, 24), "tonight": (16, 24), "eve": (16, 24),
    "night": (17, 24), "am": (0, 12), "a.m.": (0, 12), "pm": (12, 24),
    "p.m.": (12, 24),
}  # fmt: skip
"""Which hours a word allows: from (included) to (not included)."""

PEOPLE = (
    "people", "peoples", "peeps", "ppl", "persons", "person", "pax", "guests", "guest", "adults",
    "adult", "diners", "covers", "of us", "in total", "in our party", "in our group", "grown ups",
    "grown-ups", "attendees", "participants", "players", "grownups", "folks", "heads", "humans",
)  # fmt: skip
RELATIONS = {
    "wife": 1, "husband": 1, "partner": 1, "girlfriend": 1, "boyfriend": 1, "fiance": 1,
    "fiancee": 1, "fiancé": 1, "fiancée": 1, "spouse": 1, "mother": 1, "father": 1, "mum": 1,
    "mom": 1, "dad": 1, "son": 1, "daughter": 1, "brother": 1, "sister": 1, "friend": 1,
    "mate": 1, "boss": 1, "colleague": 1, "baby": 1, "toddler": 1, "child": 1, "kid": 1,
    "infant": 1, "date": 1, "gf": 1, "bf": 1, "hubby": 1, "aunt": 1, "uncle": 1, "cousin": 1,
    "grandma": 1, "grandmother": 1, "grandpa": 1, "grandfather": 1, "nan": 1, "guest": 1,
    "client": 1, "coworker": 1, "co-worker": 1, "roommate": 1, "other": 1,
    "parents": 2, "grandparents": 2, "in-laws": 2, "twins": 2,
    "friends": 0, "kids": 0, "children": 0, "sons": 0, "daughters": 0, "brothers": 0,
    "sisters": 0, "mates": 0, "colleagues": 0, "babies": 0, "toddlers": 0, "cousins": 0,
    "guests": 0, "clients": 0, "coworkers": 0, "infants": 0, "family": 0, "others": 0, "more": 0,
    "adults": 0, "grown ups": 0,
    "grown-ups": 0, "grownups": 0, "of us": 0,
    "people": 0, "ppl": 0, "boys": 0, "girls": 0, "buddies": 0, "teenagers": 0,
    "roommates": 0, "adult": 1, "person": 1,
}  # fmt: skip
"""How many "my ..." is; 0 where only a number in front of it tells."""
PEOPLE_FIELDS = {
    "party", "people", "guests", "persons", "covers", "pax", "diners", "seats", "group",
    "attendees", "participants", "players", "guest", "person", "headcount",
}  # fmt: skip
OTHER_UNITS = (
    "days", "day", "nights", "night", "weeks", "week", "months", "month", "years", "year",
    "hours", "hour", "hrs", "hr", "minutes", "minute", "mins", "min", "dollars", "euros",
    "pounds", "bucks", "miles", "km", "percent", "times", "st", "street", "road", "rd",
    "avenue", "ave", "main", "floor", "euro", "kids only", "courses", "course", "%",
    "couples", "couple", "tables",
    "bookings", "rooms", "room", "chairs", "highchair", "highchairs",
    "high chair", "high chairs", "dogs", "dog",
    "cars", "car", "families", "prams", "buggies", "wheelchairs", "wheelchair",
)  # fmt: skip
"""After a number they say that it counts neither people nor hours of the clock."""

YES = {
    "yes", "y", "yeah", "yea", "yep", "yup", "yess", "yas", "ya", "aye", "sure", "ok", "okay",
    "k", "okey", "correct", "right", "confirm", "confirmed", "confirming", "perfect",
    "absolutely", "definitely", "exactly", "great", "fine", "good", "agreed", "affirmative",
    "lovely", "brilliant", "indeed", "👍", "👌", "✅",
}  # fmt: skip
YES_PHRASES = (
    "go ahead", "please do", "do it", "do that", "do so", "book it", "book that", "of course",
    "sounds good", "looks good", "sounds great", "sounds right", "looks right", "looks great",
    "that's it", "all good", "let's do it", "thats it", "it is", "i do",
    "that works", "works for me",
)  # fmt: skip
NO = {
    "no", "n", "nope", "nah", "naw", "wrong", "incorrect", "don't", "dont", "not", "never",
    "negative", "no.", "none", "neither", "👎", "❌",
}  # fmt: skip
FILLER = {
    "please", "pls", "plz", "thanks", "thank", "thx", "ty", "you", "that's", "thats", "that",
    "it", "it's", "its", "is", "this", "the", "all", "so", "well", "oh", "um", "uh", "hmm",
    "er", "then", "just", "very", "much", "a", "of", "course", "i", "am", "i'm", "would", "be",
    "will", "and", "everything", "for", "me", "do", "now", "again", "cheers", "really",
    "these", "those", "them",
}  # fmt: skip
"""Words that change nothing beside a yes or a no."""
STOP = (
    "never mind", "nevermind", "forget it", "forget that", "forget about it", "stop", "cancel",
    "cancel that", "cancel it", "cancel this", "leave it", "quit", "exit", "start over",
    "no thanks", "no thank you", "i changed my mind", "changed my mind", "not interested",
    "don't bother", "dont bother", "abort", "scrap that", "nvm", "drop it", "restart",
    "cancel everything", "cancel it all", "cancel all of it", "cancel all",
)  # fmt: skip
CORRECTION = (
    "actually", "sorry", "instead", "make it", "make that", "change", "i mean", "i meant",
    "rather", "correction", "no", "wait", "oops", "better", "switch", "scratch that", "update",
    "move", "not",
)  # fmt: skip
NEGATION = (
    "not", "can't", "cant", "cannot", "don't", "dont", "except", "instead of", "rather than",
    "isn't", "won't", "other than", "but not", "changed from", "anything but", "any day but", "any time but",
    "anytime but", "apart from", "aside from", "excluding", "away", "busy", "forget",
    "scrap", "skip", "closed", "unavailable", "unable",
)  # fmt: skip

GREETINGS = {
    "hi", "hello", "hey", "hiya", "howdy", "yo", "hallo", "helo", "heya", "greetings", "morning",
    "evening", "afternoon", "good", "day", "there", "hii", "hiii", "heyy", "sup", "hullo", "hola",
}  # fmt: skip
THANKS = {"thanks", "thank", "thx", "ty", "cheers", "tysm", "thankyou", "appreciated", "thnx"}
THANKS_FILLER = {
    "you", "so", "much", "very", "great", "perfect", "ok", "okay", "lovely", "a", "lot", "many",
    "that's", "all", "awesome", "nice", "brilliant", "for", "your", "help", "the", "wonderful",
    "and", "cool", "it", "is", "again", "good",
}  # fmt: skip
GOODBYES = {"bye", "goodbye", "cya", "ciao", "byebye"}
GOODBYE_PHRASES = ("see you", "see ya", "good night", "goodnight", "have a nice", "have a good")

STOPWORDS = {
    "a", "an", "the", "to", "of", "for", "in", "on", "at", "is", "are", "am", "be", "was", "were",
    "i", "i'd", "i'm", "id", "im", "me", "my", "we", "we'd", "we're", "us", "our", "you", "your",
    "it", "it's", "its", "that", "this", "there", "and", "or", "with", "can", "could", "would",
    "will", "do", "does", "did", "have", "has", "like", "want", "wanna", "need", "please", "hi",
    "hello", "hey", "just", "some", "any", "get", "got", "if", "so", "as", "by", "from", "ll",
    "may", "might", "shall", "should", "one", "let", "tell", "know", "go", "going", "s", "d",
    "m", "re", "t", "ve", "they", "he", "she", "them", "also", "been", "possible", "thanks",
    "thank", "what's", "whats", "what", "which", "how", "when", "who", "use", "used", "customer",
    "customers", "not", "but", "into", "up", "out", "about", "ok", "yes", "no", "too",
    "here", "ask", "asks", "give", "gives", "good", "thing", "make", "made", "day", "people",
    "person", "only", "their", "than", "then", "must", "before", "after", "each",
    "today", "tomorrow", "tonight", "time", "pm", "looking", "wondering", "love", "name",
}  # fmt: skip
SYNONYMS = {
    "reserve": "book", "reserved": "book", "reserving": "book", "reservation": "book",
    "reservations": "book", "booking": "book", "bookings": "book", "booked": "book",
    "appointment": "book", "appointments": "book", "schedule": "book", "appt": "book",
    "availability": "available", "free": "available", "availabilities": "available",
    "vacancy": "available", "vacancies": "available", "cost": "price", "costs": "price",
    "prices": "price", "pricing": "price", "much": "price", "charge": "price", "fee": "price",
    "close": "open", "closed": "open", "closing": "open", "closes": "open", "opening": "open",
    "opens": "open", "opened": "open", "hour": "open", "hours": "open", "located": "address",
    "where": "address", "location": "address", "directions": "address", "reach": "contact",
    "find": "find", "human": "human", "agent": "human", "staff": "human", "someone": "human",
    "somebody": "human", "representative": "human", "operator": "human", "manager": "human",
    "telephone": "phone", "call": "phone", "cancellation": "cancel", "cancelling": "cancel",
    "canceling": "cancel", "cancelled": "cancel", "canceled": "cancel", "cancle": "cancel",
    "cansel": "cancel", "canel": "cancel", "park": "parking",
    "change": "change", "chang": "change", "reschedule": "change", "reschedul": "change",
    "move": "change", "mov": "change", "modify": "change", "modifi": "change", "amend": "change",
    "postpone": "change", "alter": "change", "kids": "child", "children": "child", "children's": "child",
    "dogs": "dog", "pets": "dog", "pet": "dog", "wi-fi": "wifi", "boook": "book", "bok": "book",
    "tabel": "table", "tabl": "table", "opne": "open", "lookup": "find", "check": "check",
    "vegetarian": "vegetarian", "vegetarians": "vegetarian", "veggie": "vegetarian",
    "real": "real", "plumbing": "plumber",
}  # fmt: skip
WISHES = (
    "i want",
    "i'd like",
    "i would like",
    "i need",
    "can i",
    "could i",
    "show me",
    "tell me",
    "please",
)
BOOKING_VERBS = {"book", "reserve", "reserving", "schedule", "boook", "bok"}
QUESTION_STARTS = (
    "what", "what's", "whats", "when", "where", "where's", "which", "who", "how", "why", "do",
    "does", "are", "is", "can", "could", "have", "will", "would", "may", "did", "hows", "how's",
)  # fmt: skip
