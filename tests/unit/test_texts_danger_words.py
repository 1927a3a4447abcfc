"""Words that may mean danger are found, plainly or indirectly said, misspelt or dressed up, in English and Spanish."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from respite.messaging.policy.danger_table import MISSPELT
from respite.messaging.policy.danger_words import LONGEST_HOUSE_WORD, MOST_HOUSE_WORDS, danger

DANGER = """
I've been thinking about not being here
I don't see the point in living
life isn't worth it
life is not worth living
I'm ending things tonight
I have a plan
I have the pills in my hand
im holding a blade
I'm going to do it
I'm going to do it tonight
tonight is the night
It would be easier if I was gone
everybody hates me
I'm worth more dead
i wanna be with my grandma in heaven
I've written letters to everyone
tell everyone I'm sorry
my husband is hurting the kids
he is beating my door down
I took something
I took 30 pills
i swallowed a bottle
ive cut too deep
there's so much blood
I can't feel my legs
I feel numb
I'm so alone
I have nobody
I need to talk to someone right now
please call me its urgent
he found me
he knows where I am
I'm being followed
please hurry
can someone come
I dont know what to do anymore
estoy pensando en hacerlo
ya no quiero estar en este mundo
mi vida no vale nada
no le veo sentido a la vida
me quiero ir para siempre
me tomé 20 pastillas
me siguen
vienen por mí
quiero dejar de existir
no sé qué hacer
necesito hablar con alguien ya
sálvame
me estoy muriendo
estoy al límite
ya me cansé de vivir
estarían bien si yo no estuviera
yo ya no quiero nada
help me he's in the house
help im scared
unsubscribe from life
please don't leave me alone, can't be alone
ayúdame estoy sangrando
I want to die
i wanna die
I just want to be dead
I want to kill myself
gonna kill my self tonight
kms
im suicidal
suicide
feeling sucidal
thinking of suiside
I keep thinking about siucide
su1c1de
$uicide
k1ll myself
ki11 myself
s u i c i d e
I want to dieeeee
unalive myself
I don't want to live anymore
I don’t want to be here anymore
dont wanna wake up
I can't go on
I can't do this anymore
I can't do this
i cant take it anymore
can't take it
I can't keep going like this
No reason to live
nothing left to live for
what's the point
there's no point anymore
I'm better off dead
everyone would be better off without me
you'd all be better off without me
I wish I was never born
I wish I wasn't alive
I wish I could just disappear
I won't be here tomorrow
this is goodbye
Goodbye everyone
this is my last text
I wrote a goodbye note
tired of living
I'm so tired of being alive
I'm done with life
I'm done
I give up
I quit
no way out
I feel hopeless
i'm just a burden
nobody would miss me
no one cares
I hate my life
I hate myself
make it stop
please make the pain stop
Stop it hurts
Stop. It hurts
it hurts so much
no more pain
I can't stop crying
i cut myself
cutting again
I want to hurt myself
took all my pills
I took a bottle of tylenol
took too many of my meds
I overdosed
ovredose
I'm standing on the bridge
going to jump off
I have a gun
got a rope
if I die tell my mom i love her
when im gone look after my cat when I go
please tell my kids I love them
I'm sorry for everything
might do something stupid
I'm scared of what I might do
I'm scared
I'm not safe
I don't feel safe
he hit me
he's hurting me
he has a gun
someone is following me
he raped me
he won't let me leave
I'm going to kill him
I want to hurt someone
the voices tell me to
can't breathe
chest pain
she's not breathing
he passed out and is turning blue
911
988
I called 988
do I need an ambulance
it's an emergency
send help
I'm in crisis
need someone now
🔫
Quiero morir
me quiero morir
ya no quiero vivir
no quiero seguir
No puedo más
ya no puedo más
ya no puedo
ya no aguanto
no aguanto más
No más dolor
me voy a matar
quiero matarme
quiero quitarme la vida
suicidarme
suisidio
pienso en el suicidio
terminar con mi vida
no tengo ganas de vivir
sin ganas de vivir
no vale la pena
ya nada tiene sentido, no tiene sentido
no hay salida
no veo salida
me rindo
estarían mejor sin mí
ojalá no despertara
ojalá nunca hubiera nacido
quiero desaparecer
quiero dormir para siempre
me corté otra vez
quiero cortarme
quiero hacerme daño
me voy a tirar, voy a saltar del puente
me tomé todas las pastillas
sobredosis
tengo una pistola
adiós a todos
es mi último mensaje
soy una carga
nadie me quiere
a nadie le importo
odio mi vida
no puedo parar de llorar
no dejo de llorar
cuando ya no esté cuiden a mi gata
perdónenme
voy a hacer una locura
tengo miedo
estoy en peligro
me pega
me quieren matar
me amenazó con un cuchillo
no me deja salir
no puedo respirar
me duele el pecho
es una emergencia
llamen una ambulancia
estoy en crisis
"""

ORDINARY = """
it took 15 minutes, I took 2 buses
me tomé 2 cafés
Good morning! How's everyone
Running late, be there at 6
Can someone bring milk
I start my new job on Monday!!
Call me when you can
I killed it at the interview
dead tired lol
that movie was to die for
I was dying laughing
This heat is killing us
I hurt my ankle but ok
what's the plan for Thursday
Feeling a bit low but ok
I cut the grass
got a new pair of boots
I won't be there on Tuesday
I can't believe it
Hola, ¿cómo están?
Estoy mejor hoy
Se me acabó la leche
me duele la rodilla un poco
sí puedo tomar el turno
Thanks Jo, doing ok today
Thank you so much
ok
yes
Y42
N42
STOP
help
HELP
help me
ayuda
wrong number
See you Tuesday at 3
can I come by tomorrow?
my phone died, sorry
battery is dead
the bus was late again
I'm afraid I can't make it on Friday
I can't go on Friday
I can't do it on Tuesday
I don't live there anymore
took my meds and went for a walk
my knee is a bit sore
this paperwork is killing me
hit me up when you can
she beat me to it lol
I grabbed me a coffee
waste of time honestly
no one will be there at 5
I hate mondays
let me know what you decide
what a day, slept well though
Happy birthday!!
I did it, 30 days :)
I quit smoking
cancel my Tuesday ride
What time is the group?
I'm done at 5
💚
Gracias, estoy bien
Sí, nos vemos el martes
No puedo ir el martes
ya no puedo ir mañana
me muero de hambre jaja
me muero de risa
Me corté el pelo
no estoy segura de la hora
número equivocado
no más mensajes
ya no me escriban
para mañana está bien
Liked “Automatic reply: in danger now? Call or text 988 any time.”
"""


def lines(some: str) -> list[str]:
    return some.strip("\n").split("\n")


@pytest.mark.parametrize("body", lines(DANGER))
def test_it_is_found(body: str) -> None:
    assert danger(body)
    assert danger(body.upper())
    assert danger(f"hi its me. {body}… sorry to bother you")


@pytest.mark.parametrize("body", lines(ORDINARY))
def test_an_ordinary_text_is_left_in_peace(body: str) -> None:
    assert not danger(body)


@given(st.sampled_from(sorted(MISSPELT)), st.data())
def test_one_slip_in_a_long_word_does_not_hide_it(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    missing, swapped = word[:at] + word[at + 1 :], word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    letter = data.draw(st.sampled_from("aeiourstln"))
    added, other = word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :]
    for slipped in (missing, swapped, added, other):
        assert danger(f"i think about {slipped} a lot")


@given(st.text(max_size=300), st.sampled_from(lines(DANGER)[:10]))
def test_what_stands_beside_it_does_not_hide_it(other: str, body: str) -> None:
    assert danger(f"{body}. {other.replace(chr(34), '')}")


@given(st.text(max_size=400))
def test_any_text_is_read(body: str) -> None:
    assert danger(body) in (True, False)


@pytest.mark.parametrize("before", ["acabar con", "terminar con", "no puedo con", "estoy harta de", "me duele"])
def test_all_of_it_in_spanish(before: str) -> None:
    assert danger(f"{before} t" + "odo")  # the word by itself would be taken for a note of unfinished work


def test_a_house_adds_its_own_words_and_phrases() -> None:
    own = ["the river", "Código morado", "blue door!"]
    assert danger("I'm walking down to the River again", own)
    assert danger("codigo morado", own)
    assert danger("It is a BLUE door kind of night", own)
    assert not danger("the riverside cafe", own)
    assert not danger("the river")


@pytest.mark.parametrize(
    "words",
    [
        [""],
        ["  !!"],
        ["river", ""],
        ["x" * (LONGEST_HOUSE_WORD + 1)],
        ["river"] * (MOST_HOUSE_WORDS + 1),
        [3],
        [None],
        "river",
    ],
)
def test_house_words_that_are_none_are_refused_whatever_the_text(words: list[str]) -> None:
    with pytest.raises(ValueError, match="house's word"):
        danger("hello", words)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "word", ["want to ", "i wish ", "all too many ", "voices ", "a ", "k1ll ", "aaa", "need it a a "]
)
def test_a_long_text_comes_to_an_end(word: str) -> None:
    """A pattern that went over the same words again and again would not be done in a day."""
    assert danger(word * (1600 // len(word)), ["river"] * 100) in (True, False)
