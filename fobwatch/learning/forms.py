"""What is asked of people in learning: an answer, and a question of the organisation's own."""

from typing import Any

from django import forms

from fobwatch.design.forms import Form
from fobwatch.learning.rules.bank import Asked, Question, problem

LONGEST, LONGEST_CHOICE = 600, 160


class AnswerForm(Form):
    """One question with its choices, by their place on the screen; nothing in it says which one is right."""

    choice = forms.TypedChoiceField(
        widget=forms.RadioSelect, coerce=int, error_messages={"required": "Choose an answer."}
    )

    def __init__(self, *args: Any, asked: Asked, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["choice"]
        choice.label = asked.text
        choice.choices = [(str(place), text) for place, text in enumerate(asked.choices)]  # type: ignore[attr-defined]


def _text(label: str, hint: str = "", *, rows: str = "3", required: bool = True) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, max_length=LONGEST, widget=area, required=required)


def _choice(label: str, hint: str = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, max_length=LONGEST_CHOICE, required=required)


class QuestionForm(Form):
    """A question of the organisation's own."""

    text = _text("What happens, and what do you ask?", "A short scene that your staff know, then the question.")
    right = _choice("The right answer")
    wrong_1 = _choice("A wrong answer", "One that a sensible person might give. No tricks.")
    wrong_2 = _choice("Another wrong answer")
    wrong_3 = _choice("A third wrong answer", required=False)
    why = _text("Why that is right", "Everybody reads this after they answer, so it is where they learn.")

    @property
    def choices(self) -> list[str]:
        """The choices that were filled in, the right one first."""
        names = ("right", "wrong_1", "wrong_2", "wrong_3")
        return [one for name in names if (one := self.cleaned_data.get(name, ""))]

    def clean(self) -> dict[str, Any]:
        """Say what is wrong with the question as a whole: too long, or two choices alike."""
        given = self.cleaned_data
        if not self.errors and (
            wrong := problem(Question("own", "own", given["text"], tuple(self.choices), given["why"]))
        ):
            self.add_error(None, wrong)
        return given
