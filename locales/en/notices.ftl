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
notice-undo-nothing = There is nothing of it to undo any more.
# The button of a notification.
notice-undo = Undo
notice-asks = Usher asks
notice-asks-limit =
    { $held ->
        [one] { $rule } has acted on { $limit } and wants to act on one more file.
       *[other] { $rule } has acted on { $limit } and wants to act on { $held } more files.
    } Open Usher to answer.
notice-digest =
    { $count ->
        [one] One step since the last digest
       *[other] { $count } steps since the last digest
    }
# One line a rule, such as “File invoices: 12”.
notice-digest-rule = { $rule }: { $count }
notice-digest-more =
    { $count ->
        [one] and one more rule
       *[other] and { $count } more rules
    }
notice-no-tray = This desktop shows no tray icons. Usher runs all the same: open its window with the hotkey, or start it again.
notice-hotkey-taken = Another program already uses { $chord }. Choose another hotkey in Usher’s settings.
