"""Ana, who began the store, and Bota: their passphrases, and what deriving a key from them costs here."""

from uuid import UUID

from familydesk.store.derivation import Cost

CHEAP = Cost(1, 8192)
HERS, BOTAS = "Көктемде жаңбыр жауды", "басқа құпия сөз"
ANA, BOTA = UUID(int=1), UUID(int=2)
