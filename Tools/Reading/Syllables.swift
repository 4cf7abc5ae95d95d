/// An estimate of a word's syllables from its spelling.
enum Syllables {
    /// Groups of vowels, less a silent final `e` or `ed`; at least 1. For words of English.
    static func count(_ word: Slice<UnsafeBufferPointer<UInt32>>) -> Int {
        var groups = 0
        var isInside = false
        for scalar in word {
            let isVowel = Self.isVowel(scalar)
            if isVowel, !isInside { groups += 1 }
            isInside = isVowel
        }
        if groups > 1, hasSilentEnding(word) { groups -= 1 }
        return max(1, groups)
    }

    private static func hasSilentEnding(_ word: Slice<UnsafeBufferPointer<UInt32>>) -> Bool {
        guard word.count > 2 else { return false }
        let last = word[word.endIndex - 1]
        let second = word[word.endIndex - 2]
        let third = word[word.endIndex - 3]
        if last == letter("e") {
            // The l of "table" sounds; the vowel before "ee" or "ie" already counts with it.
            return !isVowel(second) && !(second == letter("l") && !isVowel(third))
        }
        return last == letter("d") && second == letter("e") && third != letter("t")
            && third != letter("d") && !isVowel(third)
    }

    private static func letter(_ scalar: Unicode.Scalar) -> UInt32 { scalar.value }

    private static func isVowel(_ scalar: UInt32) -> Bool {
        switch scalar {
        case letter("a"), letter("e"), letter("i"), letter("o"), letter("u"), letter("y"): true
        default: false
        }
    }
}
