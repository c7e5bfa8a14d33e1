#!/bin/sh
# Builds the two fonts embedded into every PDF: Noto Sans with Georgian and a
# few symbols in one TrueType file a weight, subset to what we print.
#
# Needs Debian's fonts-noto-core and fonttools. The result is committed in
# internal/platform/pdf/fonts, so that building Kartoteka needs neither. The
# same input gives the same bytes.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
noto=${NOTO_DIR:-/usr/share/fonts/truetype/noto}
out="$here/../../internal/platform/pdf/fonts"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export SOURCE_DATE_EPOCH=1577836800

# Latin with its extensions, combining marks, Greek, Cyrillic, punctuation,
# superscripts, currency, letterlike signs and fractions.
sans="U+0020-007E,U+00A0-024F,U+0259,U+02BB-02BC,U+02C6-02C7,U+02D8-02DD,U+0300-0304,U+0306-030C,U+0323,U+0326-0328"
sans="$sans,U+0370-03FF,U+0400-04FF,U+1E80-1E85,U+1E9E,U+1EA0-1EF9,U+2000-200B,U+2010-2027,U+202F-203A,U+203E,U+2044"
sans="$sans,U+205F,U+2060,U+2070-2094,U+20A0-20BF,U+2103,U+2116,U+2117,U+2120,U+2122,U+2126,U+212E,U+2150-215E,U+FB01,U+FB02,U+FFFD"
georgian="U+10A0-10FF,U+1C90-1CBF,U+2D00-2D2D"
arrows="U+2190-2199,U+2212,U+2215,U+2219,U+221A,U+221E,U+2248,U+2260,U+2264,U+2265"
marks="U+25A0,U+25A1,U+25B2,U+25B6,U+25BC,U+25C0,U+25C6,U+25CB,U+25CF,U+2605,U+2606,U+260E,U+2610-2612,U+2665,U+26A0,U+2709,U+2713,U+2714,U+2715,U+2717"

# part NAME SOURCE UNICODES: one source cut to what is printed.
part() {
  pyftsubset "$noto/$2.ttf" --unicodes="$3" --output-file="$work/$1.ttf" \
    --layout-features='' --no-hinting --notdef-outline --name-IDs='*' \
    --drop-tables+=GSUB,GPOS,GDEF,BASE,STAT,MATH,meta,DSIG
}

mkdir -p "$out"
for weight in Regular Bold; do
  part sans "NotoSans-$weight" "$sans"
  part georgian "NotoSansGeorgian-$weight" "$georgian"
  part arrows NotoSansMath-Regular "$arrows"
  part marks NotoSansSymbols2-Regular "$marks"
  pyftmerge --output-file="$work/merged.ttf" \
    "$work/sans.ttf" "$work/georgian.ttf" "$work/arrows.ttf" "$work/marks.ttf"
  /usr/bin/python3 "$here/name.py" "$work/merged.ttf" "$out/kartoteka-sans-$(echo $weight | tr RB rb).ttf" "$weight"
done
ls -l "$out"
