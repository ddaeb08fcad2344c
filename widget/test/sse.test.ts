import { describe, expect, it } from "vitest";

import { sseParser } from "../src/transport/sse";

function parse(...pieces: string[]): [string, string][] {
  const events: [string, string][] = [];
  const push = sseParser((data, id) => events.push([data, id]));
  pieces.forEach(push);
  return events;
}

describe("server-sent events", () => {
  it.each(["\n", "\r\n", "\r"])("ends lines with %j", (end) => {
    const stream = [
      "id: t.1",
      "data: one",
      "",
      ": heartbeat",
      "",
      "id: t.2",
      "data: two",
      "",
      ": end",
    ];
    expect(parse(stream.join(end) + end)).toEqual([
      ["one", "t.1"],
      ["two", "t.2"],
    ]);
  });

  it("does not care where the network cuts", () => {
    const stream = ': open\r\n\r\nid: a.1\r\ndata: {"x":1}\r\n\r\nid: a.2\ndata: p\ndata: q\n\n';
    const whole = parse(stream);
    expect(whole).toEqual([
      ['{"x":1}', "a.1"],
      ["p\nq", "a.2"],
    ]);
    for (let cut = 1; cut < stream.length; cut++) {
      expect(parse(stream.slice(0, cut), stream.slice(cut))).toEqual(whole);
    }
    expect(parse(...stream)).toEqual(whole);
  });

  it("keeps the last id, strips one space, and dispatches nothing unfinished", () => {
    expect(parse("id: 7\ndata:  a\n\ndata:b\n\ndata: never")).toEqual([
      [" a", "7"],
      ["b", "7"],
    ]);
  });

  it("skips a byte order mark, unknown fields and empty events", () => {
    expect(parse("\ufeffdata: x\n\nevent: e\nretry: 1\n\nnonsense\n\n")).toEqual([["x", ""]]);
  });
});
