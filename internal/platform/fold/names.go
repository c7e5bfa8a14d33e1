package fold

import (
	"slices"
	"strings"
	"sync"
)

// otherwise are given names whose spelling in another script follows how the
// language of the name sounds and not its letters, so that no rule of ours
// makes one key of them: each line is one name, as it is usually transcribed.
// Forms of one name in several languages (John, Ivan) are different names.
const otherwise = `
John Джон ჯონი ჯონ
Jack Джек ჯეკი
Joe Джо ჯო
James Джеймс ჯეიმსი ჯეიმს
George Джордж ჯორჯი
Joseph Джозеф ჯოზეფი
Jane Джейн ჯეინი
Jean Джин
Jean Жан ჟანი
Jennifer Дженнифер Дженифър ჯენიფერი
Jessica Джессика Джесика ჯესიკა
Julia Джулия ჯულია
Michael Майкл Майкъл მაიკლი
Michael Михаэль Михаел მიხაელი
Mike Майк მაიკი
Charles Чарльз Чарлз ჩარლზი ჩარლზ
William Уильям Уилям Вильям უილიამი
Walter Уолтер Уолтър უოლტერი
Walter Вальтер Валтер ვალტერი
Henry Генри Хенри ჰენრი
Edward Эдвард Едуард ედვარდი
Andrew Эндрю Андрю ენდრიუ
Matthew Мэтью Матю მეთიუ
Stephen Steven Стивен Стивън სტივენი
Peter Питер Питър პიტერი
David Дэвид Дейвид დევიდი
Daniel Дэниел Даниъл დენიელი
Simon Саймон Саймън საიმონი
Brian Брайан Брайън ბრაიანი
Ryan Райан Райън რაიანი
Sean Шон შონი
Hugh Хью Хю ჰიუ
Howard Говард Хауърд ჰოვარდი
Catherine Кэтрин Катрин კეტრინი
Kate Кейт კეიტი
Alice Элис Алис ელისი
Rachel Рэйчел Рейчъл რეიჩელი
Jacques Жак ჟაკი
Louis Луи ლუი
Pierre Пьер Пиер პიერი
François Франсуа ფრანსუა
Guillaume Гийом გიიომი
Michel Мишель Мишел მიშელი
Heinrich Генрих Хайнрих ჰაინრიხი
Hans Ганс Ханс ჰანსი
Helmut Гельмут Хелмут ჰელმუტი
Hermann Герман Херман ჰერმანი
Johann Иоганн Йохан იოჰანი
Jürgen Юрген იურგენი
Joachim Иоахим Йоахим იოახიმი
Günther Гюнтер გიუნტერი
Heinz Хайнц ჰაინცი
Piotr Пётр Петр პიოტრი
Wojciech Войцех ვოიცეხი
Andrzej Анджей ანჯეი
Maciej Мацей მაციეი
Michał Михал მიხალი
Mikołaj Миколай მიკოლაი
Jakub Якуб იაკუბი
Józef Юзеф იუზეფი
Bartłomiej Бартломей ბარტლომიეი
Zbigniew Збигнев ზბიგნევი
Zdzisław Здзислав ზძისლავი
Elżbieta Эльжбета Елжбета ელჟბეტა
Zofia Зофья Зофия ზოფია
Krzysztof Кшиштоф კშიშტოფი
Grzegorz Гжегож გჟეგოჟი
Włodzimierz Влодзимеж ვლოძიმიეჟი
Sławomir Славомир სლავომირი
Jerzy Ежи იეჟი
`

// variants finds the other keys of a name by each of its keys.
var variants = sync.OnceValue(func() map[string][]string {
	found := map[string][]string{}
	for line := range strings.Lines(otherwise) {
		keys := Words(line)
		for _, k := range keys {
			for _, other := range keys {
				if other != k && !slices.Contains(found[k], other) {
					found[k] = append(found[k], other)
				}
			}
		}
	}
	return found
})

// Variants gives the keys of other spellings of a given name, by its key: Джон
// for John, Войцех for Wojciech. Nil for all words but some given names. The
// caller must not change what it gets.
func Variants(key string) []string { return variants()[key] }
