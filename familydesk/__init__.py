"""FamilyDesk: the case-management desktop of family support and crisis centers."""
