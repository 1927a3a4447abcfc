"""Who asks to stop is believed in any words, and who does not is not cut off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respite.messaging.policy.stopping_words import Means, meaning

STOP = """
I said STOP
I would prefer no more texts
I'd rather you didn't text me
please cease all communication
Don't call or text me
no text please
stp texting me
stop txtng me
I want to stop getting texts
I'm revoking my consent
I wish you would stop texting me
do I have to tell you again to stop texting me
no llamen ni escriban
No manden más
favor de no escribir más
favor de no mandar mensajes
Ya párenle con los mensajes
déjenme de escribir
Elimíneme de su lista
STOP
Stop.
stop!!
 stop
STOP please
Please stop
please, stop now
S T O P
s.t.o.p
STOPALL
stop all
END
Quit
cancel
Unsubscribe
unsubscribe me pls
REVOKE
optout
opt out
opt-out
sotp
no more
No more, thanks
stop texting me
Stop texting
please stop texting me
please quit texting me
pls stop messaging us
quit sending me these
stop fucking texting me
Stop sending me texts
can you stop with the messages
Could you please stop sending these texts to me?
I told you to stop texting me
will you stop texting me already
I want you to stop texting me
stop contacting this number
stop the texts
STOP ALL TEXTS
end these messages
cancel my texts
turn off these notifications
No more texts
no more messages please
enough with the texts
I don't want these texts
I don’t want any more messages from you
i dont want to get your texts anymore
I no longer want texts
I do not wish to receive messages
I don't want to hear from you
I don't want you to text me
don't text me
Don't text me anymore.
do not contact me again
dont ever text me again
never text me again
do not text this number
Don't send me any more texts
don't write to me anymore please
take me off your list
Remove me from your list!
please remove my number
remove me
lose my number
Delete my number please
unsubscribe
how do I unsubscribe
I'd like to opt out
opt me out please
I revoke my consent
I am not interested. Stop texting me
Thanks for everything. Please stop texting me now
Hi Jo, I'm ok. Don't text me again please
ALTO
Para
parar
paren por favor
basta
cancelar
Baja
fin
no más
No mas
No más, por favor
ya no más
no más mensajes
no mas textos porfa
ya basta de mensajes
basta de mensajes
ya no me escriban
Ya no me escribas
no me escriban más
por favor no me escriban
no me manden más mensajes
No me manden mensajes
ya no me manden nada
no me envíen mensajes
no vuelvan a escribirme
No me contacten
no me molesten más
dejen de escribirme
deja de mandarme mensajes
por favor dejen de molestar
Pare de escribirme
ya no quiero recibir mensajes
no quiero más mensajes
no quiero mensajes
No quiero que me escriban
ya no quiero recibir nada
borren mi número
borra mi numero por favor
quítenme de su lista
sáquenme de su lista
denme de baja
quiero darme de baja
cancelar mensajes
Detengan los mensajes
ya no quiero saber nada de ustedes
Hola, ya no me escriban, gracias
stop por favor
"""

PERHAPS = """
unsubscribe from life
Please discontinue
Leave me the hell alone
not interested in texts
I don't want reminders about the group
Please cancel the reminder for Thursday
No more texts from my sister
Can you stop texting my old number and use this one
please stop texting my mom's phone
Please remove my name from the list for Tuesday
I'd like to opt out of the Tuesday group
how do I get these to stop
No quiero nada de ustedes
cancela mi turno del martes
Stop it hurts
Stop, it hurts
Stop. It hurts
stop it
please make it stop
I want this to stop
cancel my Tuesday ride
can you cancel tomorrow
cancelar mi cita del martes
don't text me before 9
please stop texting me at work
Don't text me tonight
don't message me I'm driving
no me escriban antes de las 9
stop texting me so late
I told him to stop texting me and he won't
tell them to stop texting me
Leave me alone
leave me alone!!
go away
Enough
déjenme en paz
dejame en paz por favor
Ya basta
ya no
take me off the waiting list
take me off the list
I'm sick of these texts
too many texts
ya estoy harta de sus mensajes
stop calling me
why won't you stop texting me
🛑
Stop Jo
"""

NOTHING = """
I don't want to get these wrong, can you text me the address again
I don't need a text, just call me
please don't leave me alone
Don't text and drive!
I don't text while I'm driving
never stop sending these, they help
Don't ever stop texting me lol
I stopped taking them
fin de semana
end of shift at 6
help wanted
need a ride can u help with that
I can't stop crying
I can’t stop
i cannot stop shaking
he won't stop
my ex won't stop texting me
he never stops
don't stop
Don't stop!
please don't stop texting me
I don't want you to stop texting me
please don't stop the texts
why don't you text me anymore?
you don't text me anymore
if you don't text me back I'll worry
por qué ya no me escribes?
ya no me escriben
no dejes de escribirme
no dejen de mandarme mensajes por favor
mi ex no deja de escribirme
nunca dejes de mandar mensajes
no puedo más
ya no puedo más
no más dolor
No quiero vivir
no more pain
para qué?
para mañana está bien
es para mi hermana
At the bus stop
the next stop is mine
I'll stop by at 3
can I stop by tomorrow
I need to stop drinking
trying to stop smoking
I quit smoking!
the end of the month works
I got canceled on again
I get no texts from her
please don't cancel my ride
please don't send me to the hospital
no me manden al hospital
I lost my phone
I might lose my number
I have a new number
perdí mi teléfono
yes
YES
Y42
N42
ok
no
no thanks
no gracias
start over
can we start again
unstoppable
Thank you so much Jo
See you Tuesday
texting you from the bus
who is this
this isn't helping
I dialed the wrong bus... sorry, late
I called the wrong number earlier lol
I gave you the wrong number for my sister
do I have the wrong number for the clinic?
me equivoqué de número, perdón
marqué un número equivocado ayer
this is not my phone
Liked “Hi Sam, it's Jo at Maple House. STOP ends texts.”
Loved "Reply STOP to end texts."
👍 to “ STOP ends texts. ”
Le gustó “Responde STOP para terminar”
can you help me with the bus pass on Friday
I helped her

💚
"""

WRONG = """
You got the wrong Sam
tienes el número mal
wrong number
Wrong number.
Sorry, wrong number
you have the wrong number
I think you have the wrong number
u got the wrong person
Wrong number, stop texting me
this is not the right number
This isn't Sam's phone anymore
no one by that name here
Nobody named Sam here
I don't know anyone named Jo
this number belongs to someone else
número equivocado
Numero equivocado, por favor no escriban
Se equivocó de número
te equivocaste de numero
creo que tienen el número equivocado
Este no es el número de Sam
no conozco a nadie con ese nombre
aquí no vive nadie con ese nombre
"""

START = "start\nSTART\nUnstop\nempezar\nEMPEZAR.\nStart!"
HELP = """
Help!!! he is here
please help me. i don't know what to do
Ayuda. Por favor vengan
help
HELP
Help!
help me
help me please
please help
I need help
I really need help now
can you help me
somebody help me
INFO
ayuda
Ayúdame
necesito ayuda
alguien que me ayude ayuda
auxilio
¿me pueden ayudar? ayuda
sos
"""

TABLE = [
    (line, means)
    for lines, means in (
        (STOP, Means.STOP),
        (PERHAPS, Means.STOP_PERHAPS),
        (NOTHING, Means.NOTHING),
        (WRONG, Means.WRONG_NUMBER),
        (START, Means.START),
        (HELP, Means.HELP),
    )
    for line in lines.strip("\n").split("\n")
]


@pytest.mark.parametrize("body, means", TABLE)
def test_what_is_meant(body: str, means: Means) -> None:
    assert meaning(body) is means


@pytest.mark.parametrize("body, means", TABLE)
def test_capitals_accents_marks_and_curly_quotes_change_nothing(body: str, means: Means) -> None:
    if '"' not in body and "“" not in body:
        assert meaning(body.upper()) is means
        assert meaning(f"  {body.replace(chr(39), '’')}  ") is means
        assert meaning(f"{body.rstrip('.!?')}…") is means


@given(st.sampled_from("STOP UNSUBSCRIBE END QUIT STOPALL REVOKE OPTOUT CANCEL".split()), st.text(" .!\n\t…*_-\u200b"))
def test_the_words_that_the_provider_stops_at_stop_here_too(word: str, marks: str) -> None:
    assert meaning(marks + word + marks) is Means.STOP
    assert meaning(word.lower() + marks) is Means.STOP


@given(st.text(max_size=300))
def test_any_text_has_a_meaning(body: str) -> None:
    assert meaning(body) in Means


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "word", ["stop ", "help me ", "no mas ", "you dont text ", "sick of these ", "a", "wrong i have "]
)
def test_a_long_text_comes_to_an_end(word: str) -> None:
    """A pattern that went over the same words again and again would not be done in a day."""
    assert meaning(word * (1600 // len(word))) in Means
