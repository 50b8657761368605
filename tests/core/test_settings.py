import os
from pathlib import Path

from familydesk.core.settings import COLUMNS, LANGUAGE, LAST_STORE, TEXT_SIZE, Settings


def test_what_one_window_puts_does_not_take_away_what_another_has_put(tmp_path: Path) -> None:
    one, other = Settings(tmp_path / "settings.json"), Settings(tmp_path / "settings.json")
    one.put(LANGUAGE, "ru")
    other.put(TEXT_SIZE, 150)
    again = Settings(tmp_path / "settings.json")
    assert (again.get(LANGUAGE), again.get(TEXT_SIZE)) == ("ru", 150)


def test_a_damaged_file_is_the_defaults_and_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(b"\xff{not json")
    settings = Settings(path)
    assert settings.get(LANGUAGE) == "kk"
    settings.put(LANGUAGE, "en")
    assert Settings(path).get(LANGUAGE) == "en"


def test_a_value_of_another_type_or_outside_the_choices_is_the_default(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"language": "de", "text_size": "150", "columns": []}', encoding="utf-8")
    settings = Settings(path)
    assert (settings.get(LANGUAGE), settings.get(TEXT_SIZE), settings.get(COLUMNS)) == ("kk", 100, {})


def test_a_folder_whose_name_is_no_text_is_remembered_all_the_same(tmp_path: Path) -> None:
    folder = os.fsdecode(b"/home/\xe4\xf0\xf3\xe3/store")
    Settings(tmp_path / "settings.json").put(LAST_STORE, folder)
    assert Settings(tmp_path / "settings.json").get(LAST_STORE) == folder


def test_where_nothing_can_be_written_a_setting_holds_for_this_run_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = Settings(tmp_path / "file" / "settings.json")
    settings.put(LANGUAGE, "ru")
    settings.put(TEXT_SIZE, 125)
    assert (settings.get(LANGUAGE), settings.get(TEXT_SIZE)) == ("ru", 125)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
