package pdf

// color is red, green and blue, 0 to 255.
type color [3]int

// The colours of the light theme on white paper.
var (
	ink     = color{0x1b, 0x24, 0x30}
	inkSoft = color{0x4f, 0x57, 0x63}
	hair    = color{0xe0, 0xd8, 0xc8}
	edge    = color{0xc9, 0xbf, 0xaa}
	card    = color{0xfa, 0xf7, 0xf0}
	zebra   = color{0xfc, 0xfa, 0xf5}
	accent  = color{0x0c, 0x53, 0x63}
)

// Tone is the meaning a colour carries.
type Tone int

// The tones: Plain has no meaning.
const (
	Plain Tone = iota
	Accent
	Good
	Warn
	Bad
)

var tones = map[Tone]struct{ ink, wash color }{
	Plain:  {inkSoft, color{0xf1, 0xec, 0xe1}},
	Accent: {accent, color{0xdc, 0xeb, 0xeb}},
	Good:   {color{0x2c, 0x66, 0x30}, color{0xe2, 0xee, 0xd8}},
	Warn:   {color{0x7f, 0x4b, 0x00}, color{0xfa, 0xea, 0xc9}},
	Bad:    {color{0xa1, 0x27, 0x1d}, color{0xf9, 0xe1, 0xda}},
}

// The scale of type.
var (
	bodyType    = typeface{size: 9.5, lead: 1.5, color: ink}
	smallType   = typeface{size: 8, lead: 1.45, color: inkSoft}
	labelType   = typeface{size: 7.5, lead: 1.4, color: inkSoft}
	cellType    = typeface{size: 8.5, lead: 1.42, color: ink}
	headingType = typeface{size: 12, lead: 1.4, color: ink, bold: true}
	minorType   = typeface{size: 10, lead: 1.4, color: ink, bold: true}
	titleType   = typeface{size: 21, lead: 1.22, color: ink, bold: true}
	runningType = typeface{size: 7.5, lead: 1.4, color: inkSoft}
)

// The page: A4 with room for a binder's holes on the left.
const (
	pageWidth    = 210.0
	pageHeight   = 297.0
	marginLeft   = 22.0
	marginRight  = 16.0
	marginTop    = 22.0
	marginBottom = 22.0
	textWidth    = pageWidth - marginLeft - marginRight
	textHeight   = pageHeight - marginTop - marginBottom
	runningTop   = 11.0
	footerTop    = pageHeight - 15.0

	hairWidth = 0.2
)
