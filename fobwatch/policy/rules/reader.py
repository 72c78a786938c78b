"""The primitives of reading a policy: each takes plain data, gives a typed value and collects what is wrong."""

from collections.abc import Callable, Mapping
from typing import Any

from fobwatch.policy.rules.form import FIELD, Param, Problem
from fobwatch.policy.rules.values import MOST, is_text
from fobwatch.policy.rules.vocabulary import BY_NAME


class Reader:
    """Collects problems; `where` is the part being read, `params` what was read, `used` who is spoken of."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.where = "policy"
        self.params: dict[str, Param] = {}
        self.used: set[str] = set()

    def no(self, sentence: str) -> None:
        """Keep one problem of the part being read."""
        self.problems.append(Problem(self.where, sentence))

    def text(self, data: Mapping[str, Any], key: str, *, needed: bool = False) -> str:
        """A text; empty where it is missing or of the wrong type."""
        value = data.get(key, "")
        if not is_text(value):
            self.no(f"“{key}” must be text.")
            return ""
        if needed and not value.strip():
            self.no(f"“{key}” is missing.")
        return str(value)

    def whole(self, data: Mapping[str, Any], key: str, default: int = 0, most: int = MOST) -> int:
        """A whole number from 0."""
        value = data.get(key, default)
        if type(value) is not int or not 0 <= value <= most:
            self.no(f"“{key}” must be a whole number from 0 to {most:,}.")
            return default
        return value

    def flag(self, data: Mapping[str, Any], key: str) -> bool:
        """True or false; false where it is missing."""
        value = data.get(key, False)
        if not isinstance(value, bool):
            self.no(f"“{key}” must be true or false.")
        return value is True

    def texts(self, data: Mapping[str, Any], key: str) -> tuple[str, ...]:
        """A list of texts."""
        value = data.get(key, [])
        if not isinstance(value, list) or not all(map(is_text, value)):
            self.no(f"“{key}” must be a list of texts.")
            return ()
        return tuple(value)

    def table(self, data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        """A table of names and values."""
        value = data.get(key, {})
        if not isinstance(value, Mapping) or not all(map(is_text, value)):
            self.no(f"“{key}” must be a table of names and values.")
            return {}
        return value

    def known(self, data: Mapping[str, Any], keys: set[str]) -> None:
        """Refuse words that nobody would read."""
        for key in sorted(map(repr, set(data) - keys)):
            self.no(f"We do not know the word {key} here.")

    def each(self, data: Mapping[str, Any], key: str, fits: Callable[[str], Any], what: str) -> tuple[str, ...]:
        """A list of texts, each of which must fit."""
        values = self.texts(data, key)
        for value in values:
            if not fits(value):
                self.no(f"“{value}” in “{key}” is not {what}.")
        return values

    def names_in(self, text: str, key: str, *, facts: bool = False) -> None:
        """Check the {names} of a text: parameters, and in `fails` facts too."""
        if {"{", "}"} & set(FIELD.sub("", text)):
            self.no(f"“{key}” has a curly bracket without its partner.")
        for name in FIELD.findall(text):
            fact = facts and name in BY_NAME
            if fact and name in self.params:
                self.no(f"“{{{name}}}” in “{key}” is both a fact and a parameter. Rename the parameter.")
            elif name in self.params:
                self.used.add(name)
            elif not fact:
                self.no(f"“{{{name}}}” in “{key}” is not a parameter of this policy.")

    def param_named(self, value: Any, kinds: tuple[str, ...]) -> bool:
        """Whether `value` is "$param"; keeps a problem where that is unknown or of a kind that does not fit."""
        if not isinstance(value, str) or not value.startswith("$"):
            return False
        param = self.params.get(value[1:])
        self.used.add(value[1:])
        if param is None:
            self.no(f"“{value}” is not a parameter of this policy.")
        elif param.kind not in kinds:
            self.no(f"“{value}” is a parameter of the kind “{param.kind}”, which does not fit here.")
        return True
