"""Who does a thing: the `by` of every action."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in an organisation, the program itself, or somebody unknown who holds a code.

    ref: "membership:ID", "person:ID", "program:NAME" or "anonymous:HOW"; never a name or an address.
    organisation_id: the organisation in which it is done; empty for the installation itself.
    sign_in_id: the session from which it was done; empty where there is none.
    """

    ref: str
    organisation_id: str = ""
    sign_in_id: str = ""

    @classmethod
    def system(cls, name: str, organisation_id: str = "") -> "Actor":
        """The program itself, by the name of the job or command."""
        return cls(ref=f"program:{name}", organisation_id=organisation_id)

    @classmethod
    def anonymous(cls, how: str, organisation_id: str = "") -> "Actor":
        """Somebody who is not signed in but holds something, a lost code for example."""
        return cls(ref=f"anonymous:{how}", organisation_id=organisation_id)
