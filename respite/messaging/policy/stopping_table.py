"""The words of `stopping_words`, as `heard.plain` gives them: small, without accents or marks, one space between."""

from __future__ import annotations

import re

from respite.messaging.policy.patterns import any_of, listed, one_of, some_of

_TEXTS = (
    one_of(
        """text, txt, message, msg, msj, sms, alert, notification, reminder, mensaje, mensajito, texto, recordatorio,
        notificacion, notificacione"""
    )
    + r"s?\b"
)
_ME = one_of("me, us, this number, this phone, this cell, my phone, my number, my cell, my house") + r"\b"

POLITE = re.compile(
    r"\b"
    + one_of(
        """pleas+e+, pls+, plz+, plse, kindly, right now, now, immediately, asap, already, just, ok, okay, hi, hello,
        hey, thank you, thanks, thx, ty, sorry, sir, maam, guys, por favor, porfavor, porfa, porfis, xfa, xfavor,
        gracias, hola, oye, oigan, ahora, disculpa, disculpe, perdon, i said"""
    )
    + r"\b"
)

START = listed("start, unstop, empezar")

#: The whole text, politeness aside. Twilio's own words come first.
STOP = listed(
    """stop, stopall, stop all, unsubscribe, end, quit, revoke, optout, opt out, cancel,
    stop stop, stop stop stop, stopp, stoppp, stopppp, sotp, stpo, unsuscribe, unsubcribe, unsubscribed, remove,
    remove me, take me off, delete me, no more, no text, no texts, no texting, no messages, no msgs, stop texts,
    end texts, end all,
    alto, para, pare, paren, parar, basta, cancelar, detener, detengan, detenganse, terminar, salir, fin, baja,
    no mas, no mas no mas, no mas ya, ya no mas, quitenme, quitame, borrenme, borrame, saquenme, sacame"""
)

#: The whole text or a whole clause, where a reasonable person would want to ask.
PERHAPS = listed(
    """stop it, stop this, stop that, stop these, stop them, make it stop, cancel it, quit it, end this, i quit, enough,
    enough already, go away, fuck off, f off, not interested, ya no, ya basta, ya estuvo, ya parale, parale, ya parenle,
    dejame, dejenme, no quiero mas, ya no quiero, ya no quiero mas, no me interesa"""
)
STOP_SIGN = re.compile("[🛑⛔🚫]")

# -- asked in a sentence -----------------------------------------------------------------------------------------

#: What may stand before the word for texts.
_THESE = some_of(
    """all, any, more, of, your, the, these, those, this, that, so, many, daily, stupid, damn, annoying, fucking,
    automated, further, future, to get, to receive, getting, receiving, get, receive, me, u, yall"""
)
_ESTOS = some_of(
    """mas, de, los, estos, esos, sus, tus, todos, tantos, ningun, mis, recibir, recibiendo, que me manden,
    que me envien, la, las, mi, esta, otro, otros"""
)
_NEVER = one_of("dont, do not, no longer, never") + r" (?:really |even |ever )?"
_LIST = one_of("list, lists, contacts, texts, messages, system, database, phone") + r"\b"
_OF_TEXTS = one_of("text, texting, message, messaging, sms, contact, mailing")

_ENGLISH = any_of(
    r"\b(?:stop|stp|sotp|quit|cease) (?:\w+ )?"
    + one_of(
        """texting, txting, textin, txtng, txtin, messaging, msging, contacting, bothering, spamming, harassing,
        writing, sending"""
    )
    + rf"(?: to)? {_ME}",
    r"(?<!to )\b(?:stop|quit|cease) (?:texting|txting|messaging|msging|contacting|spamming)(?: anymore)?(?: please)?$",
    rf"\b(?:stop|quit|cease) (?:with )?(?:sending |the )?(?:my )?{_THESE}{_TEXTS}",
    rf"\b(?:end|cancel|discontinue|turn off|shut off|no more|enough|enough with) (?:my )?{_THESE}{_TEXTS}",
    rf"\b{_NEVER}(?:want|wanna|need|wish|like|care)(?: for)? {_THESE}{_TEXTS}",
    rf"\b{_NEVER}(?:want|wanna|wish|care|like)(?: to)? "
    r"(?:(?:hear from (?:you|u|yall|this)|be (?:contacted|texted|messaged))\b"
    r"|(?:get|receive) (?:any|these|this|more)$)",
    r"\b(?:rather|prefer|wish|ask|asking)(?: that)? (?:you|u|yall) (?:didnt|did not|dont|not|wouldnt) "
    r"(?:text|mess|contact)\w*",
    r"\b(?:stop|cease|end|no more|no further) (?:all )?(?:communications?|correspondence|contact)\b",
    rf"\b{_NEVER}want (?:you|u|yall|this number) (?:guys )?(?:to )?(?:keep )?(?:text|txt|contact|messag|writ)\w*",
    r"\b(?:remove|take|get|delete|drop) (?:me|us|my (?:phone )?number|this number|my name) (?:off|from|out)(?: of)? "
    rf"(?:your|yalls|this|these|any|all|(?:the|your|this) {_OF_TEXTS})(?: {_OF_TEXTS})? ?{_LIST}",
    r"\b(?:unsubscribe|unsubscribed|optout|opt (?:me |us )?out|opting out)\b"
    r"(?! of (?!these|this|your|all|texts|mess))(?! from life)",
    r"\b(?:revoke|revoking|withdraw|withdrawing|take back) (?:my )?(?:consent|permission)\b",
)
_NOT_ENGLISH = re.compile(
    r"\b"
    + one_of("cant, cannot, can not, dont, do not, wont, will not, never, not, didnt, couldnt, doesnt, wouldnt")
    + r"(?: \w+){0,4} $"
)

_LOSE_IT = re.compile(r"\b(?:delete|lose|erase|remove|forget) (?:my|this) (?:phone |cell )?number\b")
_NOT_LOSE_IT = re.compile(
    r"\b"
    + one_of("i, ill, we, will, might, may, gonna, going to, could, did, already, dont, do not, not, never, cant")
    + " $"
)

_SPANISH = any_of(
    r"\b(?:deja|deje|dejen|dejes|dejar|dejame|dejenme|pare|paren|parar|para) de (?:\w+ )?"
    r"(?:escribi|manda|envia|textea|contacta|molesta|mensajea)\w*",
    rf"\bno (?:quiero|deseo|quisiera|necesito) {_ESTOS}{_TEXTS}",
    r"\bno (?:quiero|deseo) que (?:me|nos) (?:escrib|mand|envi|contact|molest|texte)(?:as|an|es|en)\b",
    r"\bno (?:quiero|deseo) (?:recibir (?:nada|mas)|saber (?:nada |mas )*de ustedes)\b",
    r"\bfavor de no (?:volver a )?(?:escribi|manda|envia|contacta|textea|molesta)\w*",
    rf"\b(?:parenle|parale|parele|bajenle) (?:a|con) {_ESTOS}{_TEXTS}",
    rf"\bno mas {_ESTOS}{_TEXTS}",
    rf"\bbasta (?:ya )?(?:de|con) {_ESTOS}{_TEXTS}",
    r"\b(?:borr|elimin|quit|saqu|sac)\w* (?:mi|este) (?:numero|telefono|celular|contacto)\b",
    r"\b(?:olviden?se|olvidate|olviden|olvida|pierdan|pierde) (?:de )?(?:mi|este) numero\b",
    r"\b(?:quit|saqu|sac|borr|elimin)\w*me de (?:su|sus|tu|tus|esta|este) \w+",
    r"\b(?:dar|den|da|de)me de baja\b",
    r"\b(?:cancel(?:a|e|en|ar)|suspend(?:e|a|an|er)|deten(?:ga|gan|er)?|paren?|parar|elimin(?:a|e|en|ar)) (?:con )?"
    rf"{_ESTOS}(?:{_TEXTS}|suscripcion\b)",
)
_NOT_SPANISH = re.compile(r"\b(?:no|nunca|jamas|tampoco)(?: \w+){0,3} $")

#: What asks us to stop, and what before it turns it round.
ASKED = ((_ENGLISH, _NOT_ENGLISH), (_LOSE_IT, _NOT_LOSE_IT), (_SPANISH, _NOT_SPANISH))

#: "Don't text me."
TOLD = any_of(
    r"\b(?:dont|do not|never) (?:you )?(?:ever |even |please )?"
    rf"(?:call (?:or|and|nor) )?(?:text|txt|message|msg|contact|write|bother|spam)(?: to)? "
    rf"(?:{_ME}|again\b|anymore\b|any more\b)",
    r"\b(?:dont|do not|never) (?:text|txt|message|msg)$",
    rf"\b(?:dont|do not|never) (?:ever |even )?send (?:me |us )?(?:anymore )?{_THESE}{_TEXTS}",
    r"\b(?:no|nunca|jamas) (?:me|nos) (?:vuelvan? a |vuelvas a )?(?:escrib(?:as|an|a|ir)|texte(?:es|en|e|ar)"
    r"|contact(?:es|en|e|ar)|molest(?:es|en|e|ar)|mensaje(?:es|en|e|ar))\b",
    r"\b(?:no|nunca|jamas) (?:vuelvan? a |vuelvas a )(?:escribi|manda|envia|textea|contacta|molesta)r?(?:me|nos)\b",
    r"\b(?:no|nunca|jamas) (?:(?:me|nos|vuelvan? a|vuelvas a) )*(?:mand|envi)(?:es|en|e|ar|arme) (?:nada )?"
    rf"{_ESTOS}{_TEXTS}",
    r"\b(?:no|nunca|jamas) me (?:mand|envi)(?:es|en|e)(?= nada| mas|$)",
    r"\b(?:no|nunca|jamas) (?:me )?(?:llam\w+ ni (?:me )?)?(?:escrib(?:as|an|a)|(?:mand|envi|contact|texte)(?:es|en|e))"
    r"(?: mas)?$",
)
#: What may follow it and leaves it for good.
FOR_GOOD = re.compile(
    "(?: "
    + one_of(
        """anymore, any more, again, ever, more, no more, period, at all, please, pls, plz, thanks, thank you, thx, ok,
        dude, bro, man, to this number, mas, nada, nunca, otra vez, ya, jamas, por favor, porfavor, porfa, gracias,
        a este numero"""
    )
    + ")* ?"
)

#: Somebody else is meant, perhaps.
OTHERS = re.compile(
    r"\b"
    + one_of(
        r"""he, she, they, him, her, them, ex, husband, wife, boyfriend, girlfriend, bf, gf, mom, mother, dad, father,
        brother, sister, boss, landlord, neighbor, guy, someone, somebody, people, ella, ellos, alguien,
        mi (?!numero|telefono|celular)\w+"""
    )
    + r"\b"
)
#: Only some texts, or some hours.
SOMETIMES = re.compile(
    " (?:anymore |mas )?"
    + one_of(
        r"""at, before, after, during, while, when, whenever, until, till, til, tonight, today, tomorrow, so, in the,
        about, except, unless, between, late, early, on (?:mon|tues?|wed|thu|fri|sat|sun|week)\w*,
        for (?:a|the|now|today|tonight|tomorrow|this|\w+day), from (?:my|him|her|them),
        this (?:week|late|early|month|morning), antes, despues, durante, cuando,
        hasta, mientras, de noche, tan, manana, hoy, a las, por (?:la|las|hoy|ahora|un|unos), en (?:la|el|las),
        esta (?:noche|semana), (?:\w+ )?(?:waiting|wait|espera)"""
    )
    + r"\b"
)
SAID_OF_US = re.compile(
    r"(?<!told )(?<!tell )(?<!asked )\b"
    + one_of("you, u, yall, they, he, she, why, if, people, since, when, i, we, por que, porque, si, quien, que")
    + r"(?: (?:guys|really|just|still|even|ya))? $"
)

# -- a word of stopping somewhere ---------------------------------------------------------------------------------

PERHAPS_IN = any_of(
    r"\b(?:stop+|unsubscribe|opt out|cancel|cancela|cancele|cancelen|cancelar|basta|paren|detengan)\b",
    r"\b(?:leave (?:me|us) (?:the \w+ )?alone|deje?n?(?:me|nos) en paz|dejame en paz)\b",
    r"\b(?:take|remove|get) (?:me|my name|my number) (?:off|from|out of)\b",
    r"\b(?:quit|saqu|sac|borr|elimin)\w*me de\b",
    rf"\b(?:tired|sick|done) (?:of|with) {_THESE}{_TEXTS}",
    rf"\b(?:too many|so many|hart[oa] de|demasiados) {_THESE}{_ESTOS}{_TEXTS}",
    r"^end (?!of\b)",
    r"\bnot interested in\b",
    r"\bno quiero nada (?:de|con|mas)\b",
    r"\b(?:cease|discontinue)\b",
)
HARMLESS = any_of(
    r"\b"
    + one_of(
        """cant, cannot, can not, couldnt, could not, dont, do not, didnt, did not, wont, will not, never, not, doesnt,
        wouldnt, havent, without, non, nothing, nothing can, nothing will"""
    )
    + r" (?:(?:really|ever|even|just|to|going to|gonna) ){0,2}(?:stop|cancel)\b",
    r"\b(?:dont|do not|didnt|never) (?:want|wanna|need|like|wish)(?: (?:you|u|yall|it|this|them|to))* stop\b",
    r"\b(?:bus|train|truck|rest|pit|first|next|last|metro|subway|light rail|the|my|that|one|a|every) stop\b",
    r"\bstop (?:by|in|at|over|sign|light|to)\b",
    r"\bstop for (?:a|the|some|gas|coffee|food|lunch)\b",
    r"\bstop (?!texting|txting|messaging|sending|writing|contacting|bothering|calling|harassing|spamming)\w+ing\b",
    r"\b(?:dont|do not|never|not|cant|please dont) leave (?:me|us) alone\b",
    r"\bno (?:me |te |les? )?(?:cancel\w+|basta)\b",
    r"\bbasta con (?:que|un|una|el|la)\b",
)

# -- the wrong number, and help ------------------------------------------------------------------------------------

WRONG_NUMBER = any_of(
    r"\bwrong (?:number|numbr|nmbr|num|no|phone|person|guy|lady|girl)\b",
    r"\b(?:you|u) (?:have|got|texted|reached) the wrong\b",
    r"\bnot the (?:right|correct) (?:number|person)\b",
    r"\b(?:this|that|it)s? (?:is not|isnt|not|aint) (?!my|a|the|your|our)\w+ (?:number|phone|cell)\b",
    r"\b(?:no one|nobody|noone) (?:here )?(?:by|with|of|named|called)\b",
    r"\bdont know (?:any|anyone|anybody) (?:named|called|by)\b",
    r"\b(?:number|phone) (?:belongs to (?:someone|somebody) else|no longer belongs|doesnt belong)\b",
    r"\b(?:numero|telefono) (?:equivocado|incorrecto|erroneo)\b|\bpersona equivocada\b",
    r"\b(?:tiene|tienes|tienen) (?:el )?numero mal\b",
    r"\bequivoc\w* de (?:numero|persona|telefono)\b",
    r"\bno es (?:el|su) (?:numero|telefono) de (?!mi\b)\w+",
    r"\bno conozco a (?:nadie|ningun\w*|esa persona)\b",
    r"\baqui no (?:vive|hay|conocemos) (?:nadie|ningun\w*|a nadie)\b",
)
OWN_MISTAKE = any_of(
    r"\b(?:i|we)(?: (?!you\b|u\b|this\b)\w+){0,3} "
    + one_of(
        """called, call, calling, dialed, dialled, dial, gave, give, wrote, put, have, had, got, sent,
        texted, text, typed"""
    )
    + r"\b.*\bwrong\b",
    r"\b(?:gave|give|given) me\b",
    r"\bme equivo\w+ de\b",
    r"\b(?:di|dieron|dio|marque|puse|llame|tenia|tengo|anote)\b.*\b(?:equivocado|incorrecto)\b",
)

HELP = listed(
    "help, helpp, helppp, hlp, info, ayuda, ayudame, ayudenme, ayudarme, ayudar, ayude, ayuden, auxilio, socorro, sos"
)
#: Around a call for help: in a whole text, and in one clause of several.
AROUND_HELP = listed(
    """i, we, me, us, you, u, can, could, would, someone, somebody, anyone, need, needs, needed, some, your, get, want,
    wanna, really, very, bad, badly, so, much, to, do, is, with, this, here, a, urgent, yo, necesito, ocupo, quiero,
    pido, una, un, poco, poca, de, tu, su, puede, puedes, pueden, podrian, podrias, alguien, que, urgente, mucha,
    mucho"""
)
BESIDE_HELP = listed("me, us, please, pls, plz, now, por, favor, porfavor, ya")
