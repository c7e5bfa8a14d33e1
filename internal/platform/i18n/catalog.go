package i18n

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
	"github.com/go-playground/locales"
	"github.com/nicksnyder/go-i18n/v2/i18n"
)

//go:embed locales
var files embed.FS

// message is a text taken apart once, so that showing it costs no parsing.
type message struct {
	forms  map[locales.PluralRule]template // nil for a text without plurals
	other  template
	plural bool
}

// catalog holds the texts of one language.
type catalog map[string]*message

// texts reads the embedded files on first use. They are part of the program,
// so a broken one is a defect the tests find; the running program shows what
// could be read.
var texts = sync.OnceValue(func() map[Lang]catalog {
	all, _ := load(files)
	return all
})

// load reads every locale file; on error it gives what it could read.
func load(from fs.FS) (map[Lang]catalog, error) {
	all := map[Lang]catalog{}
	var broken []string
	for _, lang := range Langs {
		all[lang] = catalog{}
		names, err := fs.Glob(from, path.Join("locales", string(lang), "*.toml"))
		if err != nil {
			return all, fmt.Errorf("i18n: %w", err)
		}
		for _, name := range names {
			if err := all[lang].read(from, name); err != nil {
				broken = append(broken, err.Error())
			}
		}
	}
	if len(broken) > 0 {
		return all, fmt.Errorf("i18n: %s", strings.Join(broken, "; "))
	}
	return all, nil
}

func (c catalog) read(from fs.FS, name string) error {
	raw, err := fs.ReadFile(from, name)
	if err != nil {
		return err
	}
	messages, err := i18n.ParseMessageBytes(raw, toml.Unmarshal)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, m := range messages {
		if _, twice := c[m.ID]; twice {
			return fmt.Errorf("%s: %q is there twice", name, m.ID)
		}
		c[m.ID] = compile(m)
	}
	return nil
}

func compile(m *i18n.Message) *message {
	out := &message{other: parseTemplate(m.Other)}
	for rule, text := range map[locales.PluralRule]string{
		locales.PluralRuleOne:  m.One,
		locales.PluralRuleFew:  m.Few,
		locales.PluralRuleMany: m.Many,
	} {
		if text == "" {
			continue
		}
		if out.forms == nil {
			out.forms = map[locales.PluralRule]template{}
		}
		out.forms[rule] = parseTemplate(text)
		out.plural = true
	}
	return out
}

// form gives the text for a count; "other" stands in for a missing form.
func (m *message) form(rule locales.PluralRule) template {
	if t, ok := m.forms[rule]; ok {
		return t
	}
	return m.other
}
