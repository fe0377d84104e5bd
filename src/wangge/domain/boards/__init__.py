"""The notice board of each grid: who serves it, what for, where to go; as a page, a poster and a card to hand out."""
