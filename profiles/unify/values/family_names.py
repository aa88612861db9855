"""Family names, folded, that tell how a full name is to be taken apart."""

import re

from profiles.unify.values.words import words

# Of Spain, Portugal and America, where people have one from each parent; those that end with “ez” are not listed.
_IBERIAN = frozenset(
    words(
        """
    garcia ruiz diaz munoz ortiz cruz reyes flores castillo ortega castro vargas ramos moreno romero alonso
    herrera medina aguilar vega soto molina delgado rivera campos contreras guerrero rojas silva salazar mendoza
    guzman salinas cabrera luna cortes acosta fuentes pena leon navarro serrano torres gil blanco suarez iglesias
    mora santana vidal pascual herrero cano prieto montero crespo lozano gallego cabello espinoza espinosa
    sandoval miranda valencia figueroa avila padilla pacheco valdes bravo sepulveda tapia araya castaneda cardenas
    santos oliveira souza sousa pereira ferreira costa rodrigues almeida nascimento lima araujo fernandes carvalho
    gomes martins rocha ribeiro alves monteiro mendes barros freitas barbosa pinto moura cavalcanti dias castro
    cardoso teixeira correia correa lopes marques nunes vieira goncalves tavares fonseca machado moreira azevedo
    """
    )
)
# Of China and Korea as they are written in Latin letters.
EASTERN = (
    "kim|lee|park|pak|choi|jung|jeong|kang|cho|yoon|yun|jang|lim|im|han|oh|seo|shin|kwon|hwang|ahn|an|song|hong|yoo"
    "|wang|li|zhang|liu|chen|yang|huang|zhao|wu|zhou|xu|sun|ma|zhu|hu|guo|he|gao|lin|luo|zheng|liang|xie|tang"
    "|chan|wong|cheung|leung|lau|ng|chang|tsai|hsu|chou"
)
_FATHERS = re.compile(r"\w{2,}(?:ovich|evich|ovych|evych|ovna|evna|ivna|yivna|inichna|ichna)")


def is_double(first: str, second: str) -> bool:
    """Whether both are family names of people who have two."""
    return all(name in _IBERIAN or (len(name) > 3 and name.endswith("ez")) for name in (first, second))


def is_patronymic(word: str) -> bool:
    """ "Petrovich", "Sergeevna": made from the father's name."""
    return bool(_FATHERS.fullmatch(word))
