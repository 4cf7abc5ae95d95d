/// What an inquiry could have started from besides its own feature, in a study that is carried out in
/// waves. It is journaled when the inquiry begins: by then all earlier waves have ended.
public struct LessonDraw: Codable, Hashable, Sendable {
    /// Formulas that were known: of earlier studies, and of features of earlier waves.
    public let known: Int
    /// Whether they were withheld by lot, so that the report can tell what they are worth.
    public let isWithheld: Bool

    public init(known: Int, isWithheld: Bool) {
        self.known = known
        self.isWithheld = isWithheld
    }

    /// Whether the inquiry had lessons; nil where there were none to have.
    public var hadLessons: Bool? { known == 0 ? nil : !isWithheld }
}
