// Package matching finds records that mean the same customer. It is pure: it
// knows no database, no clock and no language of the interface.
//
// Records are folded (package fold) and packed into an Index. Blocks bring
// together records that share something (a name and a city, a phone, a day of
// birth, a number in a street …); inside a block records are sorted and only
// near neighbours are compared, so that no block, however large, costs more than
// its length (sorted neighbourhood, Hernández and Stolfo 1995).
//
// A comparison gives every field a Level: equal, close (a slip of the pen),
// alike, different, or missing. A Model weighs the levels by how much more often
// they occur between records of one customer than between any two (Fellegi and
// Sunter 1969): the logarithm, to base 2, of the two shares, summed up with the
// odds before anything was compared. An agreement on a rare value weighs more
// than on a common one (Winkler 1989); missing weighs nothing; what contradicts
// weighs against. What depends on the city (postcode, region, country, street)
// is weighed by how often it agrees inside one city.
//
// The shares are learned from the records themselves, without examples: those of
// any two from random pairs, those of one customer by expectation maximisation
// over the candidates (Winkler 1988, Jaro 1989), from priors that hold the ground
// where there is little to learn from. Nothing is tuned to a set of data.
//
// Scores are bits: 0 is even odds, +1 twice as likely, −1 half as likely.
package matching
