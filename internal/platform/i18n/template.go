package i18n

import (
	"fmt"
	"strconv"
	"strings"
)

// template is a text cut at its placeholders {{.Name}}.
type template struct {
	plain string // the whole text when it has no placeholders
	parts []part // otherwise: text and names by turns
}

type part struct {
	text string
	name string // the placeholder that follows text; "" at the end
}

// parseTemplate knows {{.Name}} and nothing else; braces that do not match
// stay as they are.
func parseTemplate(text string) template {
	var parts []part
	rest := text
	for {
		before, after, opened := strings.Cut(rest, "{{.")
		name, tail, closed := strings.Cut(after, "}}")
		if !opened || !closed {
			break
		}
		parts = append(parts, part{text: before, name: strings.TrimSpace(name)})
		rest = tail
	}
	if parts == nil {
		return template{plain: text}
	}
	return template{parts: append(parts, part{text: rest})}
}

// fill puts the values in; a value that is not given leaves its name in
// braces, so that the mistake is visible and harmless.
func (t template) fill(g *grammar, kv []any) string {
	if t.parts == nil {
		return t.plain
	}
	var b strings.Builder
	for _, p := range t.parts {
		b.WriteString(p.text)
		if p.name == "" {
			continue
		}
		value, ok := find(kv, p.name)
		switch {
		case !ok:
			b.WriteString("{" + p.name + "}")
		case p.name == countName:
			b.WriteString(g.count(value))
		default:
			b.WriteString(text(value))
		}
	}
	return b.String()
}

func find(kv []any, name string) (any, bool) {
	for i := 0; i+1 < len(kv); i += 2 {
		if kv[i] == name {
			return kv[i+1], true
		}
	}
	return nil, false
}

func text(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	}
	return fmt.Sprint(value)
}
