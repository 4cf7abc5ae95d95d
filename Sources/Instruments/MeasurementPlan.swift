import Foundation

/// What a measurement will take, said before anything is sent.
public struct MeasurementPlan: Sendable, Hashable, CustomStringConvertible {
    /// Texts that differ.
    public let textCount: Int
    public let latentCount: Int
    /// Requests if no text is refused; 0 where nothing is sent.
    public let requestCount: Int
    /// Seconds that limits alone take, from now until the last request may be sent.
    public let seconds: Double

    public init(textCount: Int, latentCount: Int, requestCount: Int, seconds: Double) {
        self.textCount = textCount
        self.latentCount = latentCount
        self.requestCount = requestCount
        self.seconds = seconds
    }

    public var description: String {
        "\(requestCount) requests for \(textCount) texts and \(latentCount) latents, the last "
            + String(format: "after %.1f h", seconds / 3600)
    }
}

extension TextInstrument {
    /// Instruments without a server send nothing and wait for nobody.
    public func plan(for texts: [String], latents: [Int]) async -> MeasurementPlan {
        MeasurementPlan(
            textCount: Set(texts.map { Array($0.utf8) }).count, latentCount: Set(latents).count,
            requestCount: 0, seconds: 0)
    }
}
