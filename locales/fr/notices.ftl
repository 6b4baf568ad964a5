### Notifications d’Usher lui-même.

notice-undo-done =
    { $count ->
        [one] Annulé.
       *[other] { $count } étapes annulées.
    }
notice-undo-refused =
    { $count ->
        [one] Une étape n’a pas pu être annulée. Ouvrez Usher pour voir pourquoi.
       *[other] { $count } étapes n’ont pas pu être annulées. Ouvrez Usher pour voir pourquoi.
    }
notice-undo-nothing = Il n’en reste rien à annuler.
# Le bouton d’une notification.
notice-undo = Annuler
notice-asks = Usher demande
notice-asks-limit =
    { $held ->
        [one] { $rule } a agi sur { $limit } fichiers et voudrait agir sur un de plus.
       *[other] { $rule } a agi sur { $limit } fichiers et voudrait agir sur { $held } de plus.
    } Ouvrez Usher pour répondre.
notice-digest =
    { $count ->
        [one] Une étape depuis le dernier résumé
       *[other] { $count } étapes depuis le dernier résumé
    }
# Une ligne par règle, par exemple « Ranger les factures : 12 ».
notice-digest-rule = { $rule } : { $count }
notice-digest-more =
    { $count ->
        [one] et une autre règle
       *[other] et { $count } autres règles
    }
notice-no-tray = Ce bureau n’affiche pas d’icônes dans sa barre. Usher fonctionne quand même : ouvrez sa fenêtre avec le raccourci, ou lancez-le à nouveau.
notice-hotkey-taken = Un autre programme utilise déjà { $chord }. Choisissez un autre raccourci dans les réglages d’Usher.
