### Le menu de l’icône et son infobulle.

tray-open = Ouvrir Usher
# $what dit la série en quelques mots, par exemple « Ranger les factures : note.pdf ».
tray-undo = Annuler { $what }
tray-recent-none = Rien ne s’est encore passé
tray-pause = Pause
tray-pause-hour = 1 heure
tray-pause-tomorrow = Jusqu’à demain
tray-pause-until-resumed = Jusqu’à la reprise
tray-resume = Reprendre
tray-run-rule = Exécuter une règle
tray-launch-at-login = Lancer à l’ouverture de session
tray-quit = Quitter Usher
tray-tip-watching =
    { $count ->
        [0] Usher ne surveille aucun dossier
        [one] Usher surveille un dossier
       *[other] Usher surveille { $count } dossiers
    }
tray-tip-paused = Usher est en pause
tray-tip-needs-you = Usher a besoin de vous
