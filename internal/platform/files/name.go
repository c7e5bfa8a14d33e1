package files

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	nameRunes      = 200    // the longest file name kept
	extensionRunes = 20     // the longest ending kept when a name is cut
	nameless       = "file" // what a file without any usable name is called
)

// CleanName makes a file name safe to store, show and offer on any system: no
// folders, control characters, invisible marks or direction overrides, no signs
// or names some system reserves, at most 200 runes with the ending kept, never
// empty. A clean name stays as it is.
func CleanName(name string) string {
	name = strings.ToValidUTF8(name, "_")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = norm.NFC.String(strings.Map(cleanRune, name))
	name = cutName(tidy(name))
	if isReserved(name) {
		name = cutName("_" + name)
	}
	if name == "" {
		return nameless
	}
	return name
}

func cleanRune(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), unicode.Is(unicode.Cs, r):
		return -1
	case strings.ContainsRune(`<>:"|?*`, r):
		return '_'
	}
	return r
}

// tidy takes spaces and dots off the ends, where systems hide or drop them, and
// leaves single spaces within.
func tidy(name string) string {
	return strings.Trim(strings.Join(strings.Fields(name), " "), " .")
}

func cutName(name string) string {
	runes := []rune(name)
	if len(runes) <= nameRunes {
		return name
	}
	ending := []rune(path.Ext(name))
	if len(ending) > extensionRunes {
		ending = nil
	}
	stem := strings.TrimRight(string(runes[:nameRunes-len(ending)]), " .")
	return tidy(stem + string(ending))
}

// isReserved tells the device names of Windows, with any ending.
func isReserved(name string) bool {
	stem, _, _ := strings.Cut(name, ".")
	stem = strings.ToUpper(strings.TrimSpace(stem))
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	digit, found := strings.CutPrefix(stem, "COM")
	if !found {
		digit, found = strings.CutPrefix(stem, "LPT")
	}
	return found && utf8.RuneCountInString(digit) == 1 && strings.Contains("0123456789¹²³", digit)
}

// Disposition is the value of the Content-Disposition header: the cleaned name
// once in ASCII for old clients and once exactly (RFC 6266, RFC 8187).
func Disposition(name string, inline bool) string {
	name = CleanName(name)
	kind := "attachment"
	if inline {
		kind = "inline"
	}
	return kind + `; filename="` + asciiName(name) + `"; filename*=UTF-8''` + percentName(name)
}

func asciiName(name string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r > 0x7e || strings.ContainsRune(`"\%;`, r) {
			return '_'
		}
		return r
	}, name)
}

// percentName escapes everything but the attr-chars of RFC 8187.
func percentName(name string) string {
	const hexDigits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		plain := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!#$&+-.^_`|~", c) >= 0
		if plain {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hexDigits[c>>4])
		b.WriteByte(hexDigits[c&15])
	}
	return b.String()
}
