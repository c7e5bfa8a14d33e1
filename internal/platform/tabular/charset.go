package tabular

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"kartoteka.dev/internal/platform/errs"
)

// sampleBytes is how much of a text is looked at to find its encoding,
// delimiter and header.
const sampleBytes = 256 << 10

// UTF8 is the encoding of texts without surprises.
const UTF8 = "utf-8"

// charsets are the encodings by name; nil needs no decoding.
var charsets = map[string]encoding.Encoding{
	UTF8:           nil,
	"utf-16le":     unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	"utf-16be":     unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	"windows-1251": charmap.Windows1251,
	"koi8-r":       charmap.KOI8R,
	"koi8-u":       charmap.KOI8U,
	"ibm866":       charmap.CodePage866,
	"iso-8859-5":   charmap.ISO8859_5,
	"macintosh-cy": charmap.MacintoshCyrillic,
	"windows-1250": charmap.Windows1250,
	"iso-8859-2":   charmap.ISO8859_2,
	"windows-1252": charmap.Windows1252,
	"iso-8859-1":   charmap.ISO8859_1,
}

// Encodings are the names Options.Encoding takes, the likely ones first.
func Encodings() []string {
	return []string{
		UTF8, "windows-1251", "windows-1250", "windows-1252", "utf-16le", "utf-16be",
		"iso-8859-2", "koi8-r", "koi8-u", "ibm866", "iso-8859-5", "macintosh-cy", "iso-8859-1",
	}
}

// charset is what was found out about a text's bytes.
type charset struct {
	name string
	bom  int64 // bytes of the byte order mark
}

// decoder gives the text as UTF-8; what cannot be decoded becomes U+FFFD.
func (c charset) decoder(r io.Reader) (reader io.Reader, decoded bool) {
	enc := charsets[c.name]
	if enc == nil {
		return r, false
	}
	return transform.NewReader(r, enc.NewDecoder()), true
}

// markOf reads the byte order mark.
func markOf(head []byte) (charset, bool) {
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return charset{UTF8, 3}, true
	case bytes.HasPrefix(head, []byte("\xff\xfe\x00\x00")), bytes.HasPrefix(head, []byte("\x00\x00\xfe\xff")):
		return charset{}, false // UTF-32: nobody writes it, and the zero bytes refuse it
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return charset{"utf-16le", 2}, true
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return charset{"utf-16be", 2}, true
	}
	return charset{}, false
}

// detectCharset climbs the ladder over a sample of the text; language is the
// company's.
func detectCharset(r io.ReaderAt, size int64, opts Options) (charset, error) {
	head := readSample(r, size, 0)
	mark, marked := markOf(head)
	if name := strings.ToLower(opts.Encoding); name != "" {
		if !slices.Contains(Encodings(), name) {
			return charset{}, errs.New(errs.Invalid, "tabular.Open", "tabular.error.unknown-encoding", "Encoding", opts.Encoding)
		}
		if !marked || mark.name != name {
			mark = charset{name: name}
		}
		return mark, nil
	}
	if marked {
		return mark, nil
	}
	if bytes.IndexByte(head, 0) >= 0 {
		if name := zeroParity(head); name != "" {
			return charset{name: name}, nil
		}
		return charset{}, errs.New(errs.Invalid, "tabular.Open", "tabular.error.not-a-table")
	}
	if isNoise(head) {
		return charset{}, errs.New(errs.Invalid, "tabular.Open", "tabular.error.not-a-table")
	}
	sample := head
	if isASCII(head) {
		at := firstHighByte(r, size, int64(len(head)))
		if at < 0 {
			return charset{name: UTF8}, nil
		}
		sample = readSample(r, size, at)
	}
	if mostlyUTF8(sample) {
		return charset{name: UTF8}, nil
	}
	return charset{name: guessByteCharset(sample, opts.Language)}, nil
}

// Decode gives a short text as UTF-8, its encoding found as Open finds it;
// language is the company's, a hint. What is no text is errs.Invalid.
func Decode(data []byte, language string) (string, error) {
	cs, err := detectCharset(bytes.NewReader(data), int64(len(data)), Options{Language: language})
	if err != nil {
		return "", err
	}
	r, _ := cs.decoder(bytes.NewReader(data[cs.bom:]))
	text, err := io.ReadAll(r)
	return strings.ToValidUTF8(string(text), "\uFFFD"), errs.Wrap("tabular.Decode", err)
}

// readSample reads up to sampleBytes from an offset; errors show later, when
// the text itself is read.
func readSample(r io.ReaderAt, size, at int64) []byte {
	sample := make([]byte, min(sampleBytes, size-at))
	n, _ := r.ReadAt(sample, at)
	return sample[:n]
}

// firstHighByte finds the first byte that is not ASCII from an offset on, or
// -1: a file may be pure ASCII for long and then prove to be windows-1251.
func firstHighByte(r io.ReaderAt, size, at int64) int64 {
	buf := make([]byte, sampleBytes)
	for at < size {
		n, _ := r.ReadAt(buf[:min(sampleBytes, size-at)], at)
		part := buf[:n]
		if n == 0 {
			return -1
		}
		if i := slices.IndexFunc(part, func(b byte) bool { return b >= utf8.RuneSelf }); i >= 0 {
			return at + int64(i)
		}
		at += int64(len(part))
	}
	return -1
}

// isNoise tells bytes that are no text in any encoding: more than one in fifty
// is a control character that texts do not have.
func isNoise(b []byte) bool {
	controls := 0
	for _, c := range b {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v' && c != 0x1a && c != 0x1b {
			controls++
		}
	}
	return controls > 4 && controls*50 > len(b)
}

func isASCII(b []byte) bool {
	return !slices.ContainsFunc(b, func(c byte) bool { return c >= utf8.RuneSelf })
}

// zeroParity tells UTF-16 without a mark: the zero bytes of ASCII characters
// (delimiters, digits, line ends) all stand on one side.
func zeroParity(b []byte) string {
	var zeros [2]int
	for i, c := range b {
		if c == 0 {
			zeros[i&1]++
		}
	}
	few := len(b) / 2 / 50
	switch {
	case zeros[1] > few && zeros[1] > 20*zeros[0]:
		return "utf-16le"
	case zeros[0] > few && zeros[0] > 20*zeros[1]:
		return "utf-16be"
	}
	return ""
}

// mostlyUTF8 tells whether the bytes are UTF-8, but for a damaged place here
// and there, which rows then report. Text in a byte charset hardly ever makes
// valid sequences.
func mostlyUTF8(b []byte) bool {
	sequences, invalid := 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		_, n := utf8.DecodeRune(b[i:])
		switch {
		case n > 1:
			sequences++
		case utf8.FullRune(b[i:]): // not merely cut off by the sample's end
			invalid++
		}
		i += n
	}
	return sequences >= 20*invalid
}
