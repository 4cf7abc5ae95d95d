import JSON
import Tracing

/// Tells a trace of every call that was not answered from the ledger, in the words of OpenTelemetry's
/// conventions for generative models. Texts are not part of it, nor what a server says of an error,
/// which may quote them.
public struct TracedModel: LanguageModel {
    let base: any LanguageModel
    let tracer: Tracer

    public var identity: ModelIdentity { base.identity }
    public var capabilities: ModelCapabilities { base.capabilities }

    public init(_ base: any LanguageModel, tracer: Tracer) {
        self.base = base
        self.tracer = tracer
    }

    public func reply(
        to request: ModelRequest, for purpose: CallPurpose
    ) async throws(ModelError) -> ModelReply {
        let name = identity.model.isEmpty ? "chat" : "chat \(identity.model)"
        let span = tracer.start(name, kind: .client, attributes(of: request, purpose))
        do throws(ModelError) {
            let reply = try await base.reply(to: request, for: purpose)
            await tracer.end(span, adding: attributes(of: reply))
            return reply
        } catch {
            await tracer.end(
                span, adding: [("conjecture.attempts", .int(error.attempts))],
                error: (type: error.kind.rawValue, message: error.kind.rawValue))
            throw error
        }
    }

    private func attributes(
        of request: ModelRequest, _ purpose: CallPurpose
    ) -> [SpanAttribute] {
        var result: [SpanAttribute] = [
            ("gen_ai.operation.name", .text("chat")),
            ("gen_ai.provider.name", .text(identity.provider)),
            ("gen_ai.request.model", .text(identity.model)),
            ("gen_ai.request.max_tokens", .int(request.sampling.maximumOutputTokens)),
            ("gen_ai.conversation.id", .text(purpose.inquiry)),
            ("conjecture.role", .text(purpose.role)),
        ]
        if let temperature = request.sampling.temperature {
            result.append(("gen_ai.request.temperature", .double(temperature)))
        }
        if let topP = request.sampling.topP {
            result.append(("gen_ai.request.top_p", .double(topP)))
        }
        if let seed = request.sampling.seed { result.append(("gen_ai.request.seed", .int(seed))) }
        if request.schema != nil { result.append(("gen_ai.output.type", .text("json"))) }
        return result
    }

    private func attributes(of reply: ModelReply) -> [SpanAttribute] {
        let usage = reply.usage
        return [
            ("gen_ai.response.id", .text(reply.id)),
            ("gen_ai.response.model", .text(reply.model)),
            ("gen_ai.response.finish_reasons", .texts([reply.finish.word])),
            ("gen_ai.usage.input_tokens", .int(usage.input)),
            ("gen_ai.usage.output_tokens", .int(usage.output)),
            ("gen_ai.usage.cache_read.input_tokens", .int(usage.cachedInput)),
            ("gen_ai.usage.cache_creation.input_tokens", .int(usage.cacheWriteInput)),
            ("gen_ai.usage.reasoning.output_tokens", .int(usage.reasoningOutput)),
        ]
    }
}
