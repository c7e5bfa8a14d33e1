// Package toast draws short messages about what has just been done, with the
// way to undo it. A full page carries them as its Flash; an answer to a script
// carries them in the header HX-Trigger, which Header writes.
package toast

import (
	"encoding/json"
	"strings"
	"unicode/utf16"
)

// Toast is one message.
type Toast struct {
	Text     string `json:"text"`
	Bad      bool   `json:"bad,omitempty"`      // something failed; stays until closed
	UndoURL  string `json:"undoUrl,omitempty"`  // address the undo button posts to
	UndoText string `json:"undoText,omitempty"` // "Undo" in the person's language if empty
}

// Header gives the value of the response header HX-Trigger that shows these
// messages. It is plain ASCII as headers must be.
func Header(toasts ...Toast) string {
	body, err := json.Marshal(map[string]any{"k-toast": map[string]any{"toasts": toasts}})
	if err != nil {
		return "" // impossible: the type holds strings and booleans only
	}
	var out strings.Builder
	for _, r := range string(body) {
		if r < 0x80 {
			out.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			out.WriteString(`\u` + hex4(unit))
		}
	}
	return out.String()
}

func hex4(n uint16) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[n>>12], digits[n>>8&15], digits[n>>4&15], digits[n&15]})
}
