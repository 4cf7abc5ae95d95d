import JSON

/// What is told to whoever answers several questions about one text.
public struct AnnotatorBriefing: Briefing {
    public static let inquiry = "mine-text"
    public static let role = "annotator"

    public var rubrics: [ProposedFeature.Rubric]
    public var text: String

    public init(rubrics: [ProposedFeature.Rubric], text: String) {
        self.rubrics = rubrics
        self.text = text
    }

    public var values: PromptValues {
        [
            "rubrics": .records(
                rubrics.enumerated().map { index, rubric in
                    [
                        "number": .number(index + 1), "rubric": .data(rubric.text),
                        "scale": .text(Self.scale(rubric.scale)),
                    ]
                }),
            "count": .number(rubrics.count), "text": .data(text),
        ]
    }

    private static func scale(_ scale: ProposedFeature.Rubric.Scale) -> String {
        switch scale {
        case .graded: "a whole number from 1 to 5"
        case .yesNo: "1 for yes or 0 for no"
        }
    }

    /// What was said to one question.
    public enum Answer: Hashable, Sendable {
        case value(Int)
        /// The text gives no ground for an answer, or the annotator would give none: missing, and
        /// never a number.
        case refused
    }

    public struct Reply: PromptReply {
        /// By the question's number, from 1.
        public let answers: [Int: Answer]

        public init(_ json: JSONValue) throws(ReplyFaults) {
            var answers: [Int: Answer] = [:]
            let items = try ReplyText.list(json, "answers", at: "$", counts: 1...100) {
                item, place throws(ReplyFaults) in try Self.answer(item, at: place)
            }
            for (index, item) in items.enumerated() {
                guard answers.updateValue(item.answer, forKey: item.number) == nil else {
                    throw ReplyText.fault(
                        "$.answers[\(index)].number", "\(item.number) occurs twice")
                }
            }
            self.answers = answers
        }

        private static func answer(
            _ json: JSONValue, at place: String
        ) throws(ReplyFaults) -> (number: Int, answer: Answer) {
            guard let number = json["number"]?.integer else {
                throw ReplyText.fault("\(place).number", "must be a whole number")
            }
            let word = json["answer"]?.string
            if word == "none" { return (number, .refused) }
            guard let value = word.flatMap(Int.init), (0...5).contains(value) else {
                throw ReplyText.fault(
                    "\(place).answer", "must be a digit from 0 to 5, or none")
            }
            return (number, .value(value))
        }

        /// What is wrong with a reply to these questions.
        public static func faults(
            in json: JSONValue, rubrics: [ProposedFeature.Rubric]
        ) -> [SchemaFault] {
            do throws(ReplyFaults) {
                return try Reply(json).faults(rubrics)
            } catch {
                return error.faults
            }
        }

        private func faults(_ rubrics: [ProposedFeature.Rubric]) -> [SchemaFault] {
            guard Set(answers.keys) == Set(1..<rubrics.count + 1) else {
                return [
                    SchemaFault(
                        place: "$.answers",
                        reason: "must answer each of the questions 1 to \(rubrics.count) once")
                ]
            }
            return rubrics.enumerated().compactMap { index, rubric in
                let values = rubric.scale.values
                guard case .value(let value) = answers[index + 1], !values.contains(value) else {
                    return nil
                }
                return SchemaFault(
                    place: "$.answers",
                    reason: "question \(index + 1) has the scale \(values.lowerBound) to "
                        + "\(values.upperBound), and the answer \(value) is not on it")
            }
        }
    }
}
