/// An amount of money in billionths of a dollar, so that sums are exact.
public struct Money: Codable, Hashable, Comparable, Sendable {
    public let nanodollars: Int64

    public init(nanodollars: Int64) { self.nanodollars = nanodollars }

    /// - Returns: nil for a negative, an infinite or an absurd amount (a billion dollars or more).
    public init?(dollars: Double) {
        guard dollars.isFinite, dollars >= 0, dollars < 1e9 else { return nil }
        nanodollars = Int64((dollars * 1e9).rounded())
    }

    public static let zero = Money(nanodollars: 0)

    public static func + (a: Money, b: Money) -> Money {
        Money(nanodollars: a.nanodollars + b.nanodollars)
    }

    public static func < (a: Money, b: Money) -> Bool { a.nanodollars < b.nanodollars }

    public var dollars: Double { Double(nanodollars) / 1e9 }

    /// "$0.0123": four digits, or as many as show something.
    public var text: String {
        let whole = nanodollars / 1_000_000_000
        var digits = String(nanodollars % 1_000_000_000)
        digits = String(repeating: "0", count: 9 - digits.count) + digits
        while digits.count > 4, digits.last == "0" { digits.removeLast() }
        if whole > 0 { digits = String(digits.prefix(4)) }
        return "$\(whole).\(digits)"
    }
}

/// What a model's tokens cost, in dollars per million. Prices change, so none is built in: they are the
/// user's to state.
public struct Price: Codable, Hashable, Sendable {
    public let input: Double
    /// For input that the provider read from its prompt cache.
    public let cachedInput: Double
    /// For input that it wrote there.
    public let cacheWriteInput: Double
    public let output: Double

    public init(
        input: Double, output: Double, cachedInput: Double? = nil, cacheWriteInput: Double? = nil
    ) {
        self.input = input
        self.output = output
        self.cachedInput = cachedInput ?? input
        self.cacheWriteInput = cacheWriteInput ?? input
    }

    /// Reads "1.25/10": input and output.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Double($0) }
        guard parts.count == 2, let input = parts[0], let output = parts[1],
            (0...Self.most).contains(input), (0...Self.most).contains(output)
        else { return nil }
        self.init(input: input, output: output)
    }

    /// A dollar a token: no price is higher, and sums of counts that can be believed stay exact.
    static let most = 1e6

    /// The same at a fraction, for a batch.
    public func scaled(by factor: Double) -> Price {
        Price(
            input: input * factor, output: output * factor, cachedInput: cachedInput * factor,
            cacheWriteInput: cacheWriteInput * factor)
    }

    /// Rounded up to the next billionth of a dollar.
    public func cost(of usage: TokenUsage) -> Money {
        let plain = max(0, usage.input - usage.cachedInput - usage.cacheWriteInput)
        let amount =
            Double(plain) * input + Double(usage.cachedInput) * cachedInput
            + Double(usage.cacheWriteInput) * cacheWriteInput + Double(usage.output) * output
        return Money(nanodollars: Int64(min((amount * 1_000).rounded(.up), 9e18)))
    }

    /// What so many tokens cost at most, however the input is counted.
    func bound(input count: Int, output: Int) -> Money {
        let dearest = max(input, cachedInput, cacheWriteInput)
        let amount = Double(count) * dearest + Double(output) * self.output
        return Money(nanodollars: Int64(min((amount * 1_000).rounded(.up), 9e18)))
    }
}
