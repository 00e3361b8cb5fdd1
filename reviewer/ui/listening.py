"""All that can be heard of an item: beside a video's pictures or as an item of its own, its key, meter and volume."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from reviewer.model.cases import ItemFacts
from reviewer.model.levels import Kind, Level
from reviewer.model.policy import SOUNDS, Policy
from reviewer.ui import theme
from reviewer.ui.audio_desk import AudioDesk
from reviewer.ui.audio_page import AudioPage
from reviewer.ui.bridge import Jobs
from reviewer.ui.item_ports import OpenItem
from reviewer.ui.key_button import KeyButton
from reviewer.ui.level_meter import LevelMeter
from reviewer.ui.plain_label import plain_tip
from reviewer.ui.sound_desk import Hearing, SoundDesk, highest_hearing
from reviewer.ui.sound_player import SoundPlayer
from reviewer.ui.transcript_pane import TranscriptPane


def is_sound(opened: OpenItem | None) -> bool:
    """It is listened to: a sound without pictures."""
    return opened is not None and opened.facts.kind is Kind.AUDIO and opened.facts.has_sound and not opened.viewable


def most_heard(policy: Policy) -> Level:
    """The highest level at which anything is heard: silence below DRAWING, muffled there, clear at CLEAR."""
    return (Level.BLURRED, Level.DRAWING, Level.CLEAR)[SOUNDS.index(policy.viewing.sound)]


class Listening(QObject):
    """`soundChanged` follows what can be heard. `beside` is the sound of a video, `audio` an item that is sound."""

    soundChanged = Signal(bool)
    changed = Signal()
    failed = Signal(object)

    def __init__(self, jobs: Jobs, parent: QWidget, player: SoundPlayer | None = None) -> None:
        super().__init__(parent)
        self.player = player if player is not None else SoundPlayer(jobs, self)
        self.beside = SoundDesk(self.player, self)
        self.transcript = TranscriptPane(jobs, parent)
        self.audio = AudioDesk(jobs, self.player, self.transcript.page.desk, self)
        self.page = AudioPage(self.audio, parent)
        self.page.add_transcript(self.transcript)
        self._has_sound = False
        self._is_item = False
        self.controls = QWidget(parent)
        self.button = KeyButton("", "M", parent=self.controls)
        self._meter = LevelMeter(self.controls)
        theme.size(self._meter, width=64)
        row = QHBoxLayout(self.controls)
        theme.space(row, gap=8)
        row.addWidget(self.button)
        row.addWidget(self._meter, 0, Qt.AlignmentFlag.AlignVCenter)
        self._meter.hide()
        self._connect()
        self._refresh()

    def _connect(self) -> None:
        self.button.clicked.connect(self.toggle)
        self.player.ticked.connect(self._meter.set_level)
        self.player.audibleChanged.connect(self._audible)
        self.audio.began.connect(self.transcript.give_way)
        self.audio.changed.connect(lambda: self.transcript.follow(self.audio.rest))
        self.transcript.silenceAsked.connect(self.audio.pause)
        self.transcript.failed.connect(self.failed)
        self.transcript.page.desk.failed.connect(self.failed)
        for desk in (self.beside, self.audio):
            desk.changed.connect(self._refresh)
            desk.changed.connect(self.changed)
            desk.failed.connect(self.failed)

    # items come and go

    def open(
        self,
        opened: OpenItem | None,
        facts: ItemFacts,
        *,
        start: Level,
        highest: Level,
        policy: Policy,
        watermark: str,
    ) -> None:
        """An item, with or without sound. It is silent until asked for."""
        self.close()
        self.player.set_ceiling(policy.viewing.sound_ceiling)
        audible = min(highest, most_heard(policy))
        length_s = facts.duration_s or 0.0
        self._has_sound = opened is not None and facts.has_sound
        self._is_item = is_sound(opened)
        if opened is not None and self._is_item:
            self.audio.open(opened, start=start, highest=audible, length_s=length_s)
            self.page.open(length_s, watermark)
            self.transcript.open(opened, start=start, highest=highest, policy=policy, length_s=length_s)
        elif opened is not None and facts.kind is Kind.VIDEO and self._has_sound:
            self.beside.open(opened, audible)
        self._refresh()

    def follow(self, start: Level, highest: Level, policy: Policy) -> None:
        """Other rules for what is open: silent before this returns, and asked for again within them."""
        self.off()
        self.player.set_ceiling(policy.viewing.sound_ceiling)
        audible = min(highest, most_heard(policy))
        if self._is_item:
            self.audio.start, self.audio.highest = min(start, Level.BLURRED), audible
        elif self._has_sound:
            self.beside.highest = highest_hearing(audible)
        self._refresh()

    def close(self) -> None:
        self._has_sound = self._is_item = False
        self.transcript.close_item()
        self.beside.close()
        self.audio.close()
        self._refresh()

    # what the keys do

    def toggle(self) -> None:
        """Off, muffled, clear as far as the policy goes, and off again."""
        if self._is_item:
            self.audio.toggle_hearing()
        else:
            self.beside.toggle()

    def off(self) -> None:
        """Silent before this returns."""
        self.beside.off()
        if self._is_item:
            self.audio.settle(min(self.audio.rest, Level.BLURRED))

    def change_volume(self, steps: int) -> None:
        """By tenths of the loudest that the policy allows."""
        self.player.change_volume(steps)
        self._refresh()

    # inside

    @property
    def _hearing(self) -> Hearing:
        if not self._is_item:
            return self.beside.hearing
        if self.audio.clear:
            return Hearing.CLEAR
        return Hearing.MUFFLED if self.audio.rest is Level.DRAWING else Hearing.OFF

    def _audible(self, audible: bool) -> None:
        self._refresh()
        self.soundChanged.emit(audible)

    def _refresh(self) -> None:
        hearing, silent_at = self._hearing, self.beside.silent_at
        volume = round(self.player.volume * 100)
        if hearing is Hearing.OFF:
            words = self.tr("Sound off") if self._has_sound else self.tr("No sound")
        elif silent_at is not None:
            words = self.tr("Silent at {speed:g}×").format(speed=silent_at)
        elif hearing is Hearing.MUFFLED:
            words = self.tr("Muffled {volume} %").format(volume=volume)
        else:
            words = self.tr("Sound clear {volume} %").format(volume=volume)
        self.button.set_words(words)
        highest = self.audio.highest >= Level.DRAWING if self._is_item else self.beside.highest > Hearing.OFF
        self.button.setEnabled(self._has_sound and highest)
        self.button.setToolTip(plain_tip(self._why_silent(highest)))
        self._meter.setVisible(hearing is not Hearing.OFF)

    def _why_silent(self, allowed: bool) -> str:
        if not self._has_sound:
            return ""
        if not allowed:
            return self.tr("Your organisation's policy or your preferences keep the sound of this item closed.")
        return self.tr("Off, muffled, clear. It is heard only while it plays, at 1× and never by itself.")
