package pdf

import (
	"fmt"
	"strings"
	"testing"
)

// slip is a piece whose name is seen on its page.
type slip struct {
	name string
	piece
}

// layout names what stands on each page: "a b|c".
func layout(slips ...slip) string {
	all := make([]piece, len(slips))
	names := map[string]string{}
	for i, s := range slips {
		all[i] = s.piece
		if !s.breaks {
			// Heights tell the pieces apart: each is given its own.
			all[i].height += float64(i) / 1e6
			all[i].draw = func(*canvas, float64) {}
			names[fmt.Sprintf("%.6f", all[i].height)] = s.name
		}
	}
	var pages []string
	for _, page := range paginate(all) {
		var on []string
		for _, p := range page {
			name, ok := names[fmt.Sprintf("%.6f", p.height)]
			if !ok {
				name = "head"
			}
			on = append(on, name)
		}
		pages = append(pages, strings.Join(on, " "))
	}
	return strings.Join(pages, "|")
}

func TestPaginate(t *testing.T) {
	half, third := textHeight*0.5, textHeight*0.33
	head := &piece{height: 7.5, draw: func(*canvas, float64) {}}
	one := func(name string, height float64) slip { return slip{name, piece{height: height}} }
	stuck := func(name string, height float64) slip { return slip{name, piece{height: height, stick: true}} }
	row := func(name string, height float64) slip { return slip{name, piece{height: height, head: head}} }
	breaking := slip{"", piece{breaks: true}}
	cases := []struct {
		name  string
		slips []slip
		want  string
	}{
		{"nothing", nil, ""},
		{"fits", []slip{one("a", third), one("b", third)}, "a b"},
		{"overflows", []slip{one("a", half), one("b", third), one("c", third)}, "a b|c"},
		{"heading goes with its text", []slip{one("a", half), stuck("heading", third), one("text", third)}, "a|heading text"},
		{"too tall to stay together", []slip{stuck("a", half), stuck("b", half), one("c", half)}, "a|b|c"},
		{"taller than a page", []slip{one("a", third), one("tall", textHeight*1.5), one("b", third)}, "a|tall|b"},
		{"table heading repeats", []slip{stuck("first", 7), row("r1", half), row("r2", half), row("r3", third)}, "first r1|head r2 r3"},
		{"break", []slip{one("a", third), breaking, one("b", third)}, "a|b"},
		{"breaks at the ends and twice", []slip{breaking, one("a", third), breaking, breaking, one("b", third), one("c", third), breaking}, "a|b c"},
	}
	for _, c := range cases {
		if got := layout(c.slips...); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSpaceIsDroppedAtTheTopOfAPage(t *testing.T) {
	draw := func(*canvas, float64) {}
	pages := paginate([]piece{
		{before: 30, height: textHeight * 0.9, draw: draw},
		{before: 30, height: 20, draw: draw},
		{before: 5, height: 20, draw: draw},
	})
	if len(pages) != 2 || pages[0][0].y != 0 || pages[1][0].y != 0 || pages[1][1].y != 25 {
		t.Fatalf("%+v", pages)
	}
}

func TestKeepTogetherMovesWhole(t *testing.T) {
	d := &Document{Lang: "en", Title: "t", Created: moment}
	for i := range 38 {
		d.Add(Paragraph{Text: fmt.Sprint("filler ", i)})
	}
	d.Add(KeepTogether{Blocks: []Block{Paragraph{Text: "together-one"}, Space{40}, Paragraph{Text: "together-two"}}})
	pages := strings.Split(textOf(t, render(t, d)), "\f")
	if len(pages) < 2 || strings.Contains(pages[0], "together-one") || !strings.Contains(pages[1], "together-two") {
		t.Fatalf("%d pages: %q", len(pages), pages)
	}
}
