"""Names a merged font after what it is, keeps its licence and drops what a PDF does not need."""

import sys

from fontTools.ttLib import TTFont

source, target, weight = sys.argv[1:4]
font = TTFont(source, recalcTimestamp=False)

copyright_line = "Copyright 2015-2019 Google LLC (Noto Sans, Noto Sans Georgian, Noto Sans Math, Noto Sans Symbols2)."
licence = "This Font Software is licensed under the SIL Open Font License, Version 1.1."
names = {
    0: copyright_line,
    1: "Kartoteka Sans",
    2: weight,
    3: "Kartoteka Sans " + weight,
    4: "Kartoteka Sans " + weight,
    5: "Version 1.000",
    6: "KartotekaSans-" + weight,
    13: licence,
    14: "https://openfontlicense.org",
}
table = font["name"]
table.names = []
for key, text in names.items():
    table.setName(text, key, 3, 1, 0x409)

# The merge takes the tallest of its parts; lines are spaced by Noto Sans alone.
font["hhea"].ascent, font["hhea"].descent, font["hhea"].lineGap = 1069, -293, 0
font["head"].created = font["head"].modified = 3660681600
font["post"].formatType = 3.0
for tag in ("DSIG", "meta", "GSUB", "GPOS", "GDEF"):
    if tag in font:
        del font[tag]
font.save(target)
