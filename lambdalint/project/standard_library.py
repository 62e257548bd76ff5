"""What a Python handler imports of the standard library that some versions have and others have not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from lambdalint.aws.python_versions import LIBRARY, MODULES
from lambdalint.aws.versions import Offer
from lambdalint.code.facts import Import, dotted
from lambdalint.project.language_versions import LanguageVersion, language_versions
from lambdalint.project.loading import Reached, changes_search_path, reached_imports
from lambdalint.project.model import Function, Handler

_PYTHON_3 = (3,)


class Used(Struct, frozen=True):
    """An import of something that not all versions have."""

    reached: Reached
    offer: Offer


def used_of_library(handler: Handler, is_wanted: Callable[[Offer], bool] | None = None) -> Iterator[Used]:
    """What a handler certainly imports of what some versions of the standard library lack, each once.

    ``is_wanted`` tells what matters of it: what doesn't is not looked for.
    """
    if handler.language != "python":
        return
    imported = (_offer_of(loaded.imported) for loaded in handler.certain_imports)
    offers = {offer.name: offer for offer in imported if offer is not None}
    wanted = {name for name, offer in offers.items() if is_wanted is None or is_wanted(offer)}
    if not wanted or changes_search_path(handler):
        return
    for reached in reached_imports(handler):
        offer = _offer_of(reached.loaded.imported)
        if offer is None or offer.name not in wanted or _is_own(handler, offer):
            continue
        wanted.remove(offer.name)
        yield Used(reached, offer)


def _offer_of(imported: Import) -> Offer | None:
    """What the table says of an import: of the name that is taken, of the module, or of a package that it is in."""
    module, symbol = imported.module, imported.symbol
    if imported.level:
        return None
    if symbol and symbol != "*" and f"{module}.{symbol}" in LIBRARY:
        return LIBRARY[f"{module}.{symbol}"]
    while module:
        if module in LIBRARY:
            return LIBRARY[module]
        module = module.rpartition(".")[0]
    return None


def _is_own(handler: Handler, offer: Offer) -> bool:
    """Whether the project has a module of that name, which is found first, or gives the module such a name itself."""
    module, _, name = offer.name.rpartition(".")
    top = offer.name.partition(".")[0]
    codebase = handler.project.codebase
    if top in MODULES:
        return codebase.has_python_module(top)
    if codebase.python_module(top, handler.roots) is not None or codebase.is_python_namespace(top, handler.roots):
        return True
    return any(
        binding.base is not None and dotted(binding.base) == module
        for loaded in handler.modules
        for binding in loaded.members.get(name, ())
    )


def lacking(function: Function, offer: Offer) -> LanguageVersion | None:
    """The lowest of the versions that a function may run on, if all of them lack something; Python 2 has no say."""
    versions = language_versions(function, "python")
    if not versions or versions[0].version < _PYTHON_3 or any(offer.is_in(item.version) for item in versions):
        return None
    return versions[0]


def may_be_brought(function: Function, used: Used) -> bool:
    """Whether something that a function ships may have what its runtime lacks.

    Nothing replaces a part of a module that every version has: that is always the runtime's own.
    """
    top = used.offer.name.partition(".")[0]
    packages = function.project.python_packages
    if top not in MODULES:
        return not packages.is_plain(function)
    return packages.may_bring(function, used.reached.loaded.module.facts.file, top)
