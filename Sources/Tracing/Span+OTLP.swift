import Foundation
import JSON

/// OTLP's JSON form of an export request: one line of a trace file, or the body of a post.
enum OTLP {
    static func request(_ spans: [Span]) -> JSONValue {
        [
            "resourceSpans": [
                [
                    "resource": ["attributes": [attribute(("service.name", .text("conjecture")))]],
                    "scopeSpans": [
                        [
                            "scope": ["name": "conjecture"], "spans": .array(spans.map(json)),
                        ]
                    ],
                ]
            ]
        ]
    }

    private static func json(_ span: Span) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init(name: "traceId", value: .string(span.traceID)),
            .init(name: "spanId", value: .string(span.id)),
        ]
        if let parent = span.parent {
            members.append(.init(name: "parentSpanId", value: .string(parent)))
        }
        members += [
            .init(name: "name", value: .string(span.name)),
            .init(name: "kind", value: .integer(span.kind.rawValue)),
            .init(name: "startTimeUnixNano", value: nanoseconds(span.start)),
            .init(name: "endTimeUnixNano", value: nanoseconds(span.end)),
            .init(name: "attributes", value: .array(span.attributes.map(attribute))),
            .init(name: "status", value: status(span.failure)),
        ]
        return .object(members)
    }

    /// 64-bit numbers are texts in OTLP's JSON.
    private static func nanoseconds(_ date: Date) -> JSONValue {
        .string(String(UInt64(max(0, date.timeIntervalSince1970) * 1e6) * 1_000))
    }

    private static func status(_ failure: String?) -> JSONValue {
        guard let failure else { return [:] }
        return ["code": 2, "message": .string(failure)]
    }

    private static func attribute(_ attribute: SpanAttribute) -> JSONValue {
        let value: JSONValue =
            switch attribute.value {
            case .text(let text): ["stringValue": .string(text)]
            case .texts(let texts):
                ["arrayValue": ["values": .array(texts.map { ["stringValue": .string($0)] })]]
            case .int(let number): ["intValue": .string(String(number))]
            case .double(let number): ["doubleValue": .number(number)]
            }
        return ["key": .string(attribute.name), "value": value]
    }
}
