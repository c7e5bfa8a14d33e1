package tabular

import (
	"strings"
	"unicode"

	"github.com/wlynxg/chardet"
	"golang.org/x/text/encoding/charmap"
)

// cyrillic are the Cyrillic byte charsets, the likely ones first.
var cyrillic = []struct {
	name  string
	table *charmap.Charmap
}{
	{"windows-1251", charmap.Windows1251},
	{"koi8-r", charmap.KOI8R},
	{"ibm866", charmap.CodePage866},
	{"iso-8859-5", charmap.ISO8859_5},
	{"macintosh-cy", charmap.MacintoshCyrillic},
}

// detected are the names chardet gives to them.
var detected = map[string]string{
	"windows-1251": "windows-1251", "koi8-r": "koi8-r", "ibm866": "ibm866",
	"iso-8859-5": "iso-8859-5", "x-mac-cyrillic": "macintosh-cy",
}

// guessByteCharset tells which one-byte-a-character encoding a text has.
// Statistics of letters decide where there are enough of them; the company's
// language decides where there are not.
func guessByteCharset(sample []byte, language string) string {
	high := highRuns(sample)
	if polish := polishCharset(sample); polish != "" && language != "ru" && language != "bg" {
		return polish
	}
	if name := cyrillicCharset(high, language); name != "" {
		return name
	}
	switch language {
	case "bg", "ru":
		return "windows-1251"
	case "pl":
		return "windows-1250"
	}
	return "windows-1252"
}

// highRuns gives the words of the sample that hold bytes over 127, each after
// a blank, so that long stretches of digits do not thin out the letters.
func highRuns(sample []byte) []byte {
	out := make([]byte, 0, min(len(sample), 32<<10))
	for word := range strings.FieldsFuncSeq(string(sample), func(r rune) bool { return r < 'A' }) {
		if len(out) > 32<<10 {
			break
		}
		if !isASCII([]byte(word)) {
			out = append(append(out, word...), ' ')
		}
	}
	return out
}

// cyrillicCharset tells the Cyrillic charset of words, or "" if they are none.
// chardet's letter pairs decide unless its answer makes worse words than
// another charset does, as happens with short samples.
func cyrillicCharset(words []byte, language string) string {
	if touchLatin(words) {
		return ""
	}
	best, bestScore := "", 0.55
	if language == "bg" || language == "ru" {
		bestScore = 0.3
	}
	scores := make(map[string]float64, len(cyrillic))
	for _, c := range cyrillic {
		score := cyrillicScore(words, c.table)
		scores[c.name] = score
		if score > bestScore {
			best, bestScore = c.name, score
		}
	}
	result := chardet.Detect(words)
	name := detected[strings.ToLower(result.Charset)]
	if best != "" && name != "" && scores[name] > bestScore-0.05 {
		return name
	}
	return best
}

// cyrillicScore tells how much words look Cyrillic in a charset, up to 1: letters
// that are common in Russian and Bulgarian, and no capital behind a small one.
func cyrillicScore(words []byte, table *charmap.Charmap) float64 {
	total, good := 0, 0.0
	previous := ' '
	for _, b := range words {
		r := table.DecodeByte(b)
		if b < 0x80 {
			previous = r
			continue
		}
		total++
		good += letterScore(previous, r)
		previous = r
	}
	if total == 0 {
		return 0
	}
	return good / float64(total)
}

// frequent are the letters of Russian and Bulgarian, the commonest first.
const frequent = "оаеинтсрвлкмдпуяызьбгчйхжшюцщэфъё"

// letterWeights rates letters of both cases between 1 and 0 by how common they
// are.
var letterWeights = func() map[rune]float64 {
	weights := make(map[rune]float64, 66)
	rank := 0.0
	for _, r := range frequent {
		weights[r], weights[unicode.ToUpper(r)] = 1-rank/33, 1-rank/33
		rank++
	}
	return weights
}()

// letterScore rates one character after another.
func letterScore(previous, r rune) float64 {
	weight, letter := letterWeights[r]
	switch {
	case letter && unicode.IsUpper(r) && unicode.IsLower(previous):
		return -1
	case letter:
		return weight
	case strings.ContainsRune("№«»–—„“”…", r):
		return 0.5
	}
	return -1
}

// touchLatin tells text whose bytes over 127 mostly stand among Latin letters,
// as accented letters do and Cyrillic words do not.
func touchLatin(words []byte) bool {
	touching, high := 0, 0
	for i, b := range words {
		if b >= 0x80 {
			high++
			if besideLatin(words, i) {
				touching++
			}
		}
	}
	return touching*2 > high
}

// Bytes that are Polish letters in one charset and signs, controls or letters
// rare in Western words in the others. The letters ć ę ł ń ó ż have the same
// bytes in both Polish charsets.
const (
	polish1250   = "\xb9\xa5\x9c\x8c\x9f\x8f" // ą Ą ś Ś ź Ź
	polish8859   = "\xb1\xa1\xb6\xa6\xbc\xac"
	polishShared = "\xb3\xa3\xbf\xaf" // ł Ł ż Ż: signs in windows-1252
	western      = "\xe4\xf6\xfc\xdf\xe9\xe8\xe0\xe7\xc4\xd6\xdc\xc9"
)

// polishCharset tells windows-1250 from ISO-8859-2 by the bytes that stand
// beside Latin letters; "" if the text does not look Polish.
func polishCharset(sample []byte) string {
	var in1250, in8859, shared, other, high int
	for i, b := range sample {
		if b < 0x80 {
			continue
		}
		high++
		if !besideLatin(sample, i) {
			continue
		}
		switch c := string([]byte{b}); {
		case strings.Contains(polish1250, c):
			in1250++
		case strings.Contains(polish8859, c):
			in8859++
		case strings.Contains(polishShared, c):
			shared++
		case strings.Contains(western, c):
			other++
		}
	}
	if polish := in1250 + in8859 + shared; polish == 0 || polish*10 < high || polish < other {
		return ""
	}
	if in8859 > in1250 {
		return "iso-8859-2"
	}
	return "windows-1250"
}

// besideLatin tells whether the byte touches an ASCII letter.
func besideLatin(b []byte, i int) bool {
	latin := func(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
	return i > 0 && latin(b[i-1]) || i+1 < len(b) && latin(b[i+1])
}
