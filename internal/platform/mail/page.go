package mail

import (
	"html"
	"net/url"
	"strings"

	"kartoteka.dev/internal/platform/i18n"
)

// page is the text as simple HTML: paragraphs, and links to press.
func page(lang i18n.Lang, title, text string) string {
	var b strings.Builder
	b.WriteString(`<!doctype html><html lang="` + html.EscapeString(string(lang)) + `"><head><meta charset="utf-8"><title>`)
	b.WriteString(html.EscapeString(oneLine(title)))
	b.WriteString(`</title></head><body style="font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;max-width:36em">`)
	for paragraph := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if strings.TrimSpace(paragraph) == "" {
			continue
		}
		lines := strings.Split(strings.TrimSpace(paragraph), "\n")
		for i, line := range lines {
			lines[i] = linked(strings.TrimSpace(line))
		}
		b.WriteString("<p>" + strings.Join(lines, "<br>") + "</p>\n")
	}
	b.WriteString("</body></html>")
	return b.String()
}

// linked makes a line that is an address of the web something to press.
func linked(line string) string {
	shown := html.EscapeString(line)
	u, err := url.Parse(line)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || strings.ContainsAny(line, " \t") {
		return shown
	}
	return `<a href="` + shown + `">` + shown + `</a>`
}
