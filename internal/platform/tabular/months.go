package tabular

import (
	"strings"
	"time"
)

// monthNames are the ways a month is written, from January on, in English,
// Bulgarian, Russian, Polish and Georgian: alone, with a day, and short.
var monthNames = [12]string{
	"january jan януари яну ян январь января янв styczeń stycznia sty იანვარი იანვრის იან",
	"february feb февруари фев февраль февраля февр luty lutego lut თებერვალი თებერვლის თებ",
	"march mar март мар марта marzec marca მარტი მარტის მარ",
	"april apr април апр апрель апреля kwiecień kwietnia kwi აპრილი აპრილის აპრ",
	"may май мая maj maja მაისი მაისის მაი",
	"june jun юни юн июнь июня июн czerwiec czerwca cze ივნისი ივნისის ივნ",
	"july jul юли юл июль июля июл lipiec lipca lip ივლისი ივლისის ივლ",
	"august aug август авг августа sierpień sierpnia sie აგვისტო აგვისტოს აგვ",
	"september sep sept септември септ сеп сентябрь сентября сент сен wrzesień września wrz სექტემბერი სექტემბრის სექ",
	"october oct октомври окт октябрь октября październik października paź ოქტომბერი ოქტომბრის ოქტ",
	"november nov ноември ноем ное ноябрь ноября нояб ноя listopad listopada lis ნოემბერი ნოემბრის ნოე",
	"december dec декември дек декабрь декабря grudzień grudnia gru დეკემბერი დეკემბრის დეკ",
}

var months = monthTable()

func monthTable() map[string]time.Month {
	table := make(map[string]time.Month, 200)
	for i, names := range monthNames {
		for name := range strings.FieldsSeq(names) {
			table[name] = time.Month(i + 1)
		}
	}
	return table
}

// dateWords stand beside dates without changing them: endings of English
// ordinals, the word "year" and its abbreviations, "of".
var dateWords = map[string]bool{
	"st": true, "nd": true, "rd": true, "th": true, "of": true,
	"г": true, "год": true, "года": true, "година": true,
	"r": true, "rok": true, "roku": true,
	"წ": true, "წელი": true, "წლის": true,
}
