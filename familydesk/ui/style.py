"""The look of every control, written once as a style sheet over the colours and the scale."""

from __future__ import annotations

from string import Template

STYLE = Template("""
* { font-size: ${body}px; color: $text; outline: none; }
QMainWindow, QWidget[ground="page"] { background: $ground; }
QWidget[ground="surface"] { background: $surface; }
QScrollArea, QScrollArea > QWidget > QWidget[ground="page"] { background: $ground; border: none; }
QScrollArea[ground="clear"], QScrollArea[ground="clear"] > QWidget > QWidget { background: transparent; border: none; }
QToolTip { background: $text; color: $surface; border: none; padding: ${s4}px ${s8}px; }

QLabel { background: transparent; }
QLabel[tone="muted"], QLabel[tone="small"] { color: $muted; }
QLabel[tone="small"], QLabel[tone="problem"], QLabel[tone="warning"] { font-size: ${small}px; }
QLabel[tone="label"] { font-size: ${small}px; color: $muted; font-weight: 600; }
QLabel[tone="title"] { font-size: ${title}px; font-weight: 700; }
QLabel[tone="card"] { font-size: ${card}px; font-weight: 700; }
QLabel[tone="strong"] { font-weight: 600; }
QLabel[tone="brand"] { color: $primary; font-size: ${card}px; font-weight: 700; }
QLabel[tone="problem"] { color: $overdue; }
QLabel[tone="warning"] { color: $due; }
QLabel[tone="hidden"] { color: $muted; font-size: ${title}px; }
QLabel[chip="quiet"], QLabel[chip="good"], QLabel[chip="due"], QLabel[chip="overdue"] {
  border-radius: ${half_chip}px; padding: 0 ${s12}px; min-height: ${chip}px; max-height: ${chip}px;
  font-size: ${small}px; }
QLabel[chip="quiet"] { background: $quiet; color: $text; }
QLabel[chip="good"] { background: $tint; color: $primary_strong; }
QLabel[chip="due"] { background: $due_tint; color: $due; }
QLabel[chip="overdue"] { background: $overdue_tint; color: $overdue; }
QLabel[badge="true"] { color: $overdue; font-weight: 700; font-size: ${small}px; }

QFrame[card="true"] { background: $surface; border: 1px solid $line; border-radius: ${r12}px; }
QFrame[strip="quiet"], QFrame[strip="good"] { background: $tint; border: none; border-radius: ${r8}px; }
QFrame[strip="due"] { background: $due_tint; border: none; border-radius: ${r8}px; }
QFrame[strip="overdue"] { background: $overdue_tint; border: none; border-radius: ${r8}px; }
QFrame[strip="due"] QLabel { color: $due; }
QFrame[strip="overdue"] QLabel { color: $overdue; }
QFrame[row="live"] { border: 2px solid transparent; border-radius: ${r8}px; }
QFrame[row="live"]:hover { background: $quiet; }
QFrame[row="live"]:focus { border: 2px solid $primary; }
QFrame[row="live"][chosen="true"] { background: $tint; }
QFrame[side="plain"], QFrame[side="chosen"] { background: $surface; border: 1px solid $line; border-radius: ${r12}px; }
QFrame[side="chosen"] { border: 2px solid $primary; }
QFrame[rule="true"] { background: $line; border: none; min-height: 1px; max-height: 1px; }
QFrame#top_bar { background: $surface; border: none; border-bottom: 1px solid $line; }
QFrame#side_bar { background: $surface; border: none; border-right: 1px solid $line; }
QFrame#form_foot { background: $surface; border: none; border-top: 1px solid $line; }
QFrame#aside { background: $surface; border: none; border-left: 1px solid $line; }

QPushButton {
  background: $surface; color: $text; border: 1px solid $edge; border-radius: ${r8}px;
  padding: 0 ${s14}px; min-height: ${inner}px; text-align: center; }
QPushButton:hover { background: $quiet; }
QPushButton:pressed { background: $line; }
QPushButton:focus { border: 2px solid $primary; padding: 0 ${s13}px; min-height: ${inner2}px; }
QPushButton:disabled { color: $muted; background: $ground; border-color: $line; }
QPushButton[role="primary"] { background: $primary; color: $on_primary; border-color: $primary; font-weight: 600; }
QPushButton[role="primary"]:hover { background: $primary_strong; }
QPushButton[role="primary"]:focus { border: 2px solid $text; }
QPushButton[role="primary"]:disabled { background: $quiet; color: $muted; border-color: $line; }
QPushButton[role="danger"] { color: $overdue; border-color: $overdue; }
QPushButton[role="flat"], QPushButton[role="link"] { background: transparent; border-color: transparent; }
QPushButton[role="flat"]:hover { background: $quiet; }
QPushButton[role="link"] { color: $primary; padding: 0 ${s4}px; text-align: left; }
QPushButton[role="flat"]:focus, QPushButton[role="link"]:focus { border: 2px solid $primary; }
QPushButton[role="chip"] {
  background: $quiet; border: 1px solid transparent; border-radius: ${half_chip}px; min-height: ${chip_inner}px;
  padding: 0 ${s12}px; font-size: ${small}px; }
QPushButton[role="chip"]:hover { background: $line; }
QPushButton[role="chip"][tone="due"] { background: $due_tint; color: $due; }
QPushButton[role="chip"]:checked { background: $tint; color: $primary_strong; border-color: $primary; }
QPushButton[role="chip"]:focus { border: 2px solid $primary; padding: 0 ${s11}px; min-height: ${chip_inner2}px; }
QPushButton[role="choice"] { padding: 0 ${s12}px; }
QPushButton[role="choice"]:checked {
  background: $tint; color: $primary_strong; border: 1px solid $primary; }
QPushButton[role="choice"]:focus { border: 2px solid $primary; padding: 0 ${s11}px; }
QPushButton[role="page"] {
  background: transparent; border: 1px solid transparent; text-align: left; padding: 0 ${s12}px; }
QPushButton[role="page"]:hover { background: $quiet; }
QPushButton[role="page"]:checked { background: $tint; color: $primary_strong; font-weight: 700; }
QPushButton[role="page"]:focus { border: 2px solid $primary; padding: 0 ${s11}px; }
QPushButton[role="search"] {
  background: $ground; color: $muted; border: 1px solid $edge; text-align: left; padding: 0 ${s12}px; }
QPushButton[role="search"]:focus { border: 2px solid $primary; padding: 0 ${s11}px; }
QPushButton::menu-indicator { image: none; width: 0; }

QLineEdit, QPlainTextEdit, QComboBox, QSpinBox {
  background: $surface; color: $text; border: 1px solid $edge; border-radius: ${r8}px;
  padding: 0 ${s11}px; min-height: ${inner}px;
  selection-background-color: $primary; selection-color: $on_primary; }
QPlainTextEdit { padding: ${s6}px ${s8}px; }
QLineEdit:focus, QComboBox:focus, QComboBox:on, QSpinBox:focus {
  border: 2px solid $primary; padding: 0 ${s10}px; min-height: ${inner2}px; }
QPlainTextEdit:focus { border: 2px solid $primary; padding: ${s5}px ${s7}px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QLineEdit:read-only { background: $ground; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"] { border-color: $overdue; }
QComboBox { padding: 0 ${s13}px; }
QComboBox:focus, QComboBox:on { padding: 0 ${s12}px; }
QComboBox::drop-down { border: none; width: ${s28}px; }
QComboBox::down-arrow { image: url("$chevron"); width: ${s16}px; height: ${s16}px; }
QComboBox QAbstractItemView, QListView[popup="true"] {
  background: $surface; border: 1px solid $edge; border-radius: ${r8}px; padding: ${s4}px; outline: none; }
QComboBox QAbstractItemView::item, QListView[popup="true"]::item {
  min-height: ${row}px; padding: 0 ${s8}px; border-radius: ${s4}px; color: $text; }
QComboBox QAbstractItemView::item:selected, QListView[popup="true"]::item:selected {
  background: $tint; color: $primary_strong; }

QTableView {
  background: $surface; border: 1px solid $line; border-radius: ${r12}px; gridline-color: transparent;
  selection-background-color: $tint; selection-color: $text; alternate-background-color: $surface; }
QTableView:focus { border: 1px solid $primary; }
QTableView::item { border-bottom: 1px solid $line; padding: 0 ${s12}px; }
QTableView::item:selected { background: $tint; color: $text; }
QTableView[frame="none"] { border: none; border-radius: 0; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section {
  background: $surface; color: $muted; font-size: ${small}px; font-weight: 600; border: none;
  border-bottom: 1px solid $line; padding: 0 ${s14}px; min-height: ${control}px; }
QHeaderView::up-arrow, QHeaderView::down-arrow { width: ${s12}px; height: ${s12}px; subcontrol-position: center right; }
QHeaderView::section:first { border-top-left-radius: ${r12}px; }
QTableCornerButton::section { background: $surface; border: none; }

QMenu { background: $surface; border: 1px solid $edge; border-radius: ${r8}px; padding: ${s4}px; }
QMenu::item { padding: ${s8}px ${s24}px ${s8}px ${s12}px; border-radius: ${s4}px; }
QMenu::item:selected { background: $tint; color: $primary_strong; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: ${s4}px ${s8}px; }
QMenu::indicator { width: ${s16}px; height: ${s16}px; left: ${s4}px; }
QMenu::indicator:checked { image: url("$check"); }

QScrollBar:vertical { background: transparent; width: ${s12}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${s12}px; margin: 0; }
QScrollBar::handle { background: $line; border-radius: ${s4}px; margin: 2px; }
QScrollBar::handle:vertical { min-height: ${s28}px; }
QScrollBar::handle:horizontal { min-width: ${s28}px; }
QScrollBar::handle:hover { background: $edge; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {
  background: transparent; border: none; width: 0; height: 0; }

QProgressBar { background: $quiet; border: none; border-radius: ${s4}px; min-height: ${s8}px; max-height: ${s8}px; }
QProgressBar::chunk { background: $bar; border-radius: ${s4}px; }
QProgressBar[tone="due"]::chunk { background: $bar_due; }
QCheckBox { spacing: ${s8}px; min-height: ${inner}px; background: transparent; }
QCheckBox::indicator {
  width: ${s18}px; height: ${s18}px; border: 1px solid $edge; border-radius: ${s4}px; background: $surface; }
QCheckBox::indicator:checked { image: url("$check"); border-color: $primary; background: $tint; }
QCheckBox:focus { color: $primary; }
QSplitter::handle { background: $ground; }
QTabBar { background: transparent; }
QTabBar::tab {
  background: transparent; color: $muted; padding: ${s8}px ${s12}px; margin-right: ${s4}px; border: none;
  border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $primary_strong; border-bottom: 2px solid $primary; font-weight: 600; }
QTabBar::tab:focus { color: $text; }
QCalendarWidget QWidget { background: $surface; alternate-background-color: $quiet; }
QCalendarWidget QToolButton {
  background: $surface; border: none; border-radius: ${s4}px; padding: ${s4}px ${s8}px; min-height: ${s24}px; }
QCalendarWidget QToolButton:hover { background: $quiet; }
QCalendarWidget QAbstractItemView {
  selection-background-color: $primary; selection-color: $on_primary; background: $surface; color: $text; }
QCalendarWidget QAbstractItemView:disabled { color: $muted; }
""")
