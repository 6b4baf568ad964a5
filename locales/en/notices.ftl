### Desktop notifications of Usher itself.

notice-undo-done =
    { $count ->
        [one] Undone.
       *[other] { $count } steps undone.
    }
notice-undo-refused =
    { $count ->
        [one] One step could not be undone. Open Usher to see why.
       *[other] { $count } steps could not be undone. Open Usher to see why.
    }
notice-no-tray = This desktop shows no tray icons. Usher runs all the same: open its window with the hotkey, or start it again.
notice-hotkey-taken = Another program already uses { $chord }. Choose another hotkey in Usher’s settings.
