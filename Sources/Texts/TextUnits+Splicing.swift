extension TextUnits {
    /// The text with bytes replaced, cut anew.
    ///
    /// - Precondition: the bounds lie between characters, as those of units do.
    func splicing(_ new: String, over bytes: Range<Int>) -> TextUnits {
        var utf8 = Array(text.utf8)
        utf8.replaceSubrange(bytes, with: Array(new.utf8))
        return TextUnits(String(decoding: utf8, as: UTF8.self))
    }

    func splicing(_ new: String, at byte: Int) -> TextUnits {
        splicing(new, over: byte..<byte)
    }

    func replacing(_ unit: Int, by new: String) -> TextUnits {
        splicing(new, over: units[unit].bytes)
    }

    func inserting(_ new: String, before unit: Int) -> TextUnits {
        splicing(new + " ", at: units[unit].bytes.lowerBound)
    }

    /// Without a unit and the blanks before it.
    func removing(_ unit: Int) -> TextUnits {
        let start = unit > 0 ? units[unit - 1].bytes.upperBound : 0
        return splicing("", over: start..<units[unit].bytes.upperBound)
    }

    /// With a word more at the end, before a final mark.
    func appending(_ new: String) -> TextUnits {
        let end = units.last.map { $0.isWordlike ? $0.bytes.upperBound : $0.bytes.lowerBound } ?? 0
        let inside = splicing(" " + new, at: end)
        return inside.units.last?.isWordlike == true || units.last?.isWordlike == true
            ? inside : splicing(" " + new, at: text.utf8.count)
    }

    func cutting(to bytes: Range<Int>) -> TextUnits {
        TextUnits(String(decoding: Array(text.utf8)[bytes], as: UTF8.self))
    }

    /// The text of the units at most `reach` away.
    func piece(around unit: Int, reach: Int) -> String {
        let first = units[max(0, unit - reach)]
        let last = units[min(units.count - 1, unit + reach)]
        return cutting(to: first.bytes.lowerBound..<last.bytes.upperBound).text
    }
}

extension String {
    /// The first letter in upper case.
    var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }

    /// Capitalised where it was not, and the other way round.
    var inOtherCase: String {
        first?.isUppercase == true ? lowercased() : capitalisedFirst
    }

    /// In the letter case of `model`: capitals, capitalised or as it is.
    func inCase(of model: String) -> String {
        guard model.first?.isUppercase == true else { return self }
        return model.count > 1 && model == model.uppercased() ? uppercased() : capitalisedFirst
    }
}
