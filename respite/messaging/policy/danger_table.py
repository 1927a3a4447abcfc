"""The words of `danger_words`, in English and Spanish, as `heard.plain` gives them.

Over-detecting is meant: what one of these finds is read by a person a little sooner, and nothing else follows from it.
A house adds its own. `A_FEW` stands for up to three words between two others. "tod[oa]" is so written since whoever
looks for notes of unfinished work would find the Spanish word for "all".
"""

from __future__ import annotations

import re

from respite.messaging.policy.patterns import listed, one_of

#: Looked for with one letter wrong, missing, added or swapped.
MISSPELT = listed(
    "suicide, suicidal, suicides, overdose, overdosed, overdosing, suicidio, suicida, suicidarme, sobredosis, matarme"
)

#: In the text as it came.
PICTURES = re.compile("[🔫🔪🪦]")


def _phrases(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b{one_of(words)}\b".replace("A_FEW ", r"(?:\w+ ){0,3}"))


_OWN_HAND = r"""
    suicid\w*, kill me, kill(?:ing|ed)? (?:myself|my self|myslf), kms, kys, unalive\w*, sewer ?slide, ctb,
    catch the bus, self ?harm\w*, self injur\w*,
    (?:hurt|harm|cut|burn|stab|poison|starv|hang|shoot|drown)\w* (?:myself|my self|myslf),
    (?:end|ending|off|offing|delete) (?:myself|me|it|it all|my life|this life|my own life),
    (?:take|taking|took) my (?:own )?life, cut(?:ting)? (?:my )?(?:wrist|arm|leg|thigh|vein|throat)s?, slit\w*,
    (?:started|been|keep|want to|wanna) cutting, cutting again, (?:hang|hanging) me,
    jump(?:ing|ed)? (?:off|in front|from|out), (?:on|at|off) (?:the|a) (?:bridge|ledge|roof|rooftop), train tracks,
    noose, a rope, the rope, razor, razors, a gun, the gun, my gun, his gun, loaded gun, pistol, rifle, shotgun,
    firearm, over ?dos\w*, od on, oding, (?:to|gonna|wanna|might) od,
    (?:all|too many|bottles? of|handful|whole|bunch|lots?|every|extra|stash) A_FEW (?:pills?|meds|medications?|tablets),
    (?:all|too many|bottles? of|handful|whole|bunch|lots?) A_FEW (?:tylenol|xanax|benzos|advil|aspirin),
    (?:pills|meds) A_FEW (?:at once|all of them|to die),
    (?:drank|drink|drinking|swallow\w*) A_FEW (?:bleach|antifreeze), (?:suicide|goodbye|final|last) (?:note|letter),
    my last (?:text|message|words), my final (?:text|message|words), do something (?:stupid|bad|crazy|to myself),
    scared of (?:myself|what i), giving away my (?:things|stuff)
"""
_NOT_LIVING = r"""
    (?:want|wanted|wanting|wanna|wana|wish|rather|ready|need|going|gonna|plan|planning|hope|hoping|trying) A_FEW
    (?:die|dead|dying|disappear|vanish),
    (?:want|wanna|wish|rather) A_FEW gone, wish i A_FEW (?:born|alive|wake up|exist), better off (?:dead|without),
    better without me, be better if i,
    (?:dont|do not|didnt|no longer|never) (?:want|wanna|wana|wish|care) A_FEW
    (?:live|alive|living|exist|wake up|be here),
    (?:dont|do not|no longer) (?:want to|wanna) (?:keep going|do this|go on(?! \w+day| the | a | my )),
    (?:cant|cannot|can not|couldnt) (?:even )?(?:live|keep going|hold on|cope|carry on|survive|exist|keep doing),
    (?:cant|cannot|can not) (?:even )?(?:do|take|handle|stand) (?:this|it|life)(?: anymore| any more| any longer|$),
    (?:cant|cannot|can not) go on(?! \w+day| the | a | my | that ),
    no (?:reason|point) A_FEW (?:live|living|go on|going), whats the point, what is the point, no point anymore,
    nothing A_FEW live for, no will to live, (?:wont|wouldnt|not (?:going to|gonna)) be (?:here|around|alive),
    not be (?:here|alive) (?:tomorrow|much longer|anymore), (?:never|not) (?:wake|waking) up, sleep forever,
    when (?:im|i am) gone, after (?:im|i am) gone, if i die, if (?:something|anything) happens to me,
    (?:good ?bye|bye) (?:forever|world|everyone|everybody|cruel|for good),
    this is (?:my )?(?:goodbye|good bye|the end|last), (?:saying|say|said) (?:my )?(?:goodbye|good bye|goodbyes),
    (?:tired|sick|done|over|finished) (?:of |with |being )*(?:living|life|alive|it all|everything|existing|fighting),
    (?:done|tired of) trying, i give up, giving up, given up, give up on (?:life|me|everything), i quit(?! \w+ing),
    im done(?:$| with (?:this|life|it)),
    (?:make|want|wish|need) (?:it|this|everything|the pain|the voices|my life) A_FEW (?:stop|end|over), make them stop,
    i want out, no way out, no future, end of the (?:line|road), cant see a (?:way|future), (?:all )?be over soon,
    hopeless, worthless, useless, no hope, lost hope, lost all hope, breaking point, rock bottom, end of my rope,
    a burden, waste of (?:space|life|air),
    (?:nobody|no ?one) (?:cares|loves me|wants me|(?:would|will) (?:miss|care|notice)),
    hate (?:my life|myself|my self|living|being alive), hml, fml, no more pain, (?:it|this|everything|life) hurts,
    cant stop (?:crying|shaking|thinking about|hurting), (?:dark|bad) (?:place|thoughts),
    (?:thinking|thought) (?:about|of) (?:death|dying|ending|killing|hurting|jumping|it again), forgive me,
    sorry for everything, tell (?:my|him|her|them) A_FEW (?:i love|i loved|im sorry),
    (?:take care of|look after) my A_FEW (?:when|if|after) i, (?:see you|meet again) (?:in heaven|on the other side)
"""
_AFRAID = r"""
    (?:im|i am) (?:dying|not ok|not okay|not safe|in danger|losing it|losing my mind|falling apart|desperate|terrified),
    (?:im|i am) (?:so |really |very )?(?:scared|afraid)(?! i (?:cant|wont|have|will|am|must)),
    (?:im|i am) (?:freaking out|breaking down|spiraling|spiralling), panic\w*, dont feel safe, unsafe, in danger,
    (?:cant|dont|shouldnt) (?:be alone|trust myself|leave me alone), come get me, save me,
    need (?:someone|somebody) now, (?:hit|hits|hitting|beats?|beating)(?: on)? me(?! up| back| to),
    (?:chok|rap|attack|stab|shot|stalk|abus|threaten)\w* me,
    (?:hurt|hurts|hurting|kill|after|follow|followed|following|locked|drugged|touched|touching) me, rape\w*,
    assault\w*, molest\w*, stalker, kidnap\w*, traffick\w*, domestic violence, abus(?:ed|er|ing|ive),
    (?:has|have|got|with|pulled|holding) (?:a |the |his |her )?(?:gun|knife|weapon|machete),
    (?:kill|killing|stab|shoot|strangle) (?:him|her|them|you|someone|somebody|everyone|everybody|people|my \w+),
    (?:hurt|hurting|harm|attack) (?:him|her|them|someone|somebody|everyone|people), (?:breaking|broke) (?:in|into),
    hostage, wont let me (?:leave|go|out), voices A_FEW (?:tell|telling|say|saying|want|loud|louder)
"""
_BODY = r"""
    (?:cant|cannot|not|stopped) breath(?:e|ing)?, chest pains?, heart attack, a stroke, bleeding, unconscious,
    (?:passed|passing) out, unresponsive, seizures?, convuls\w+, turning blue, narcan, naloxone, fentanyl, fent, laced,
    poison\w*, 988, 911, 9 8 8, 9 1 1, emergency, ambulance, paramedics?, hotline, lifeline, crisis,
    help (?:me )?(?:please )?(?:he|she|they|hes|shes|theyre|im|i am|my), unsubscribe from life,
    call (?:the )?(?:police|cops), send (?:someone|somebody|help)
"""
#: What people say around it. Each may be harmless, and is read a little sooner all the same.
_AROUND = r"""
    not being (?:here|alive), not be here,
    (?:the|a|any|no|see) (?:point|sense|reason) (?:in|of) (?:living|life|anything|it), life (?:isnt|is not|aint) worth,
    not worth (?:it anymore|living), worth more dead, ending (?:things|everything|this),
    (?:pills|meds|knife|blade|razor|gun|rope) in my hand, holding (?:a|the) (?:blade|knife|razor|gun|rope|bottle),
    (?:going to|gonna|about to|want to|wanna) do it(?: tonight| now| today|$),
    tonight (?:is the night|i will|ill do it), easier (?:if|without), if i (?:was|were) (?:gone|dead|not here),
    without me (?:here|around), (?:everyone|everybody) hates me, cant be (?:saved|helped|fixed), in heaven,
    (?:wrote|written|writing|leaving) A_FEW (?:letters?|notes?|will|goodbyes?),
    tell (?:everyone|everybody|them all|my A_FEW (?:kids|mom|family|son|daughter|mother|dad)) A_FEW
    (?:sorry|love|loved),
    (?:is|was|keeps|been) (?:hurting|hitting|beating|choking|touching),
    (?:someone|somebody|he|hes|they|theyre) (?:is )?at my door, (?:my|the) door down,
    (?:took|taken|taking|swallowed|ate) (?:way |far )?(?:too (?:much|many)|something|everything),
    (?:took|taken|taking|swallowed|ate) \d+ (?:of|pills?|tablets|mg|xanax|tylenol),
    (?:took|swallowed) (?:a bottle|the bottle|them all),
    cut (?:too )?deep, so much blood, blood everywhere, cant feel my, i feel (?:numb|empty|nothing|dead), so alone,
    all alone, (?:have|got|theres|there is) (?:nobody|no one|noone), talk to (?:someone|somebody)(?: right)? now,
    its urgent, urgent, please (?:answer|hurry|come|pick up), found me, knows where i, being followed,
    (?:someone|somebody) (?:please )?come, what to do anymore, i have a plan$, want it over,
    want (?:it|this|everything) over, hurt someone, hurt somebody
"""
ENGLISH = tuple(map(_phrases, (_OWN_HAND, _NOT_LIVING, _AFRAID, _BODY, _AROUND)))

_LA_PROPIA_MANO = r"""
    suicid\w*, matarme, (?:quiero|voy a|quisiera|pienso|podria|debo) matar, me mato, me mate, quit\w+ la vida,
    (?:terminar|acabar|termino|acabo) con (?:tod[oa]|mi vida|esto|mi sufrimiento), acabar conmigo, pon\w+ fin,
    cortarme, cortandome, me (?:corto|corte|estoy cortando)(?! el (?:pelo|cabello)),
    (?:hacerme|me hice|me hago|hacer) dano, lastimarme, me lastim\w+, herirme, ahorcarme, colgarme, aventarme, tirarme,
    lanzarme, dispararme, envenenarme, ahogarme, (?:saltar|brincar) (?:de|del|desde|por), puente, azotea, las vias,
    soga, sobredosis, veneno, cloro,
    (?:todas|muchas|bote|frasco|puno|monton|demasiadas) A_FEW (?:pastillas|pildoras|medicinas?),
    pastillas para (?:dormir|morir), pistola, (?:un|el|mi|su|una) arma, arma de fuego, rifle, cuchillo, navaja,
    despedirme, me despido, mi despedida, carta de despedida, adios (?:mundo|a todos|para siempre),
    mi ultim[oa] (?:mensaje|dia|noche|texto|adios), (?:hacer|cometer) una (?:locura|tonteria|estupidez),
    regalando mis cosas
"""
_NO_VIVIR = r"""
    morir(?:me)?, me mue?ro(?! de (?:hambre|risa|sueno|calor|frio|ganas|sed)), me muera, muert[oa]s?,
    no (?:quiero|quisiera|deseo) (?:ya |mas )?(?:vivir|seguir|despertar|existir|estar (?:aqui|viv[oa])),
    (?:sin|no tengo) (?:ganas de|razon para|motivos? para|nada por que|por que) (?:vivir|seguir|nada),
    no (?:puedo|aguanto|soporto|doy|resisto) mas, ya no (?:aguanto|soporto|resisto), ya no puedo$,
    no (?:puedo|aguanto) con (?:esto|tod[oa]|mi|la|tanto), no (?:vale la pena|tiene sentido|tiene caso),
    no (?:hay|veo) (?:salida|esperanza|futuro), sin (?:sentido|esperanza|salida), me rindo, por vencid[oa],
    hasta aqui llegue, mejor sin mi, mejor si (?:no estoy|no estuviera|me muero),
    ojala (?:no despert\w+|no hubiera|nunca hubiera|no estuviera), haber nacido, hubiera nacido, desaparecer,
    dormir (?:para siempre|y no despertar), (?:no|nunca) (?:volver a )?despertar,
    (?:cansad[oa]|hart[oa]) de (?:vivir|la vida|tod[oa]|esta vida|existir|luchar), soy una carga, una carga para,
    (?:a )?nadie (?:me quiere|le importo|me va a extranar|me extran\w+), odio mi vida, me odio,
    no (?:sirvo|valgo) (?:para )?nada, tod[oa] me duele, me duele (?:tod[oa]|vivir|la vida|el alma), no mas dolor,
    que (?:se )?(?:pare|acabe|termine) (?:tod[oa]|el|esto|ya),
    no (?:puedo|dejo|paro) (?:parar )?de (?:llorar|temblar|pensar), cuando (?:ya )?no este, si me pasa algo,
    cuiden a mis?, perdonenme, perdon por tod[oa], diganles? a, nos vemos en el cielo
"""
_CON_MIEDO = r"""
    desesperad[oa], me siento muy mal, (?:tengo|con) (?:mucho )?miedo, peligro, no estoy a salvo,
    no me siento segur[oa], panico,
    me (?:pega|pego|golpea|golpeo|estan? (?:pegando|golpeando|siguiendo)|persigue\w*|acosa\w*|encerr\w+|ahorca),
    me (?:viol\w+|abus\w+|amenaz\w+|ataca\w*|ataco|apunal\w+|quieren? matar|van? a matar|quieren? hacer), violacion,
    violaron, abuso, golpes, violencia, secuestr\w+, no me dejan? (?:salir|ir), vengan por mi, salvenme,
    matar(?:lo|la|los|las|te), hacerle dano, (?:lo|la) mato, voces A_FEW (?:dicen|gritan|mandan|quieren),
    no (?:puedo|puede|esta) respira(?:r|ndo), dolor (?:en el|de) pecho, me duele el pecho, infarto, sangre, sangrando,
    desangr\w+, desmay\w+, inconsciente, convuls\w+, no reacciona, ayuda(?:me)? (?:por favor )?(?:me|estoy|mi|no),
    emergencia, ambulancia, urgencias, crisis, policia
"""
_ALREDEDOR = r"""
    (?:pensando en|voy a|quiero) hacerlo, (?:estar|vivir|irme|seguir) (?:en|de) este mundo, (?:la|mi) vida no vale,
    (?:le|les) veo (?:sentido|caso), sentido (?:a|de) la vida, ir(?:me)? para siempre,
    me (?:tome|trague) (?:\d+ (?:de|pastillas|mg)|algo|un bote|un frasco), me siguen, vienen por mi, me encontro,
    dejar de existir,
    no existir, (?:no se|ya no se) que hacer, hablar con alguien (?:ya|ahora|urgente), urge, urgente, salvame,
    ayudenme me, muriendo(?:me)?(?! de (?:hambre|risa|sueno)), sin vida, al limite,
    me canse de (?:tod[oa]|vivir|esta vida|luchar), si yo no estuviera, si no estuviera, ya no quiero nada,
    me siento (?:vaci[oa]|sol[oa] y|muert[oa]), tan sol[oa], no tengo a nadie, (?:tengo|hay) un plan$,
    contesten?(?:me)? por favor, por favor (?:contesta|contesten|vengan|ven|apurense)
"""
SPANISH = tuple(map(_phrases, (_LA_PROPIA_MANO, _NO_VIVIR, _CON_MIEDO, _ALREDEDOR)))
