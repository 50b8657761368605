"""Qt's own few words (file dialogs, the menu of a text line) in the language of the desk."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

_translator: list[QTranslator] = []


def translate_qt(language: str) -> None:
    """Take Qt's catalogue of `language`; English needs none."""
    QLocale.setDefault(QLocale(language))
    app = QCoreApplication.instance()
    while _translator:
        QCoreApplication.removeTranslator(_translator.pop())
    translator = QTranslator(app)
    if translator.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        QCoreApplication.installTranslator(translator)
        _translator.append(translator)
