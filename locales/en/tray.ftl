### The menu of the tray icon and its tooltip.

tray-open = Open Usher
# $what is the run in a few words, such as “File invoices: bill.pdf”.
tray-undo = Undo { $what }
tray-recent-none = Nothing has happened yet
tray-pause = Pause
tray-pause-hour = For 1 hour
tray-pause-tomorrow = Until tomorrow
tray-pause-until-resumed = Until I resume
tray-resume = Resume
tray-run-rule = Run a rule
tray-launch-at-login = Start at login
tray-quit = Quit Usher
tray-tip-watching =
    { $count ->
        [0] Usher watches no folder
        [one] Usher watches one folder
       *[other] Usher watches { $count } folders
    }
tray-tip-paused = Usher is paused
tray-tip-needs-you = Usher needs you
