import { describe, expect, it } from "vitest";

import { closed, markdown, plain } from "../src/markdown";

const HOSTS = ["bella.example", "*.bella.example"];

function html(source: string, hosts = HOSTS): string {
  const div = document.createElement("div");
  div.append(markdown(source, hosts));
  return div.innerHTML;
}

function elements(source: string): HTMLElement[] {
  const div = document.createElement("div");
  div.append(markdown(source, HOSTS));
  return [...div.querySelectorAll<HTMLElement>("*")];
}

describe("markdown", () => {
  it.each([
    [
      "**bold** and *italic* and _too_",
      "<p><strong>bold</strong> and <em>italic</em> and <em>too</em></p>",
    ],
    ["**bold with *italic* inside**", "<p><strong>bold with <em>italic</em> inside</strong></p>"],
    ["`a * b * c`", "<p><code>a * b * c</code></p>"],
    ["2 * 3 * 4 and snake_case_name", "<p>2 * 3 * 4 and snake_case_name</p>"],
    ["\\*not italic\\*", "<p>*not italic*</p>"],
    ["## Menu ##", "<p><strong>Menu</strong></p>"],
    ["one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"],
    ["- a\n- **b**\n  more", "<ul><li>a</li><li><strong>b</strong><br>more</li></ul>"],
    ["2. a\n3. b\nend", '<ol start="2"><li>a</li><li>b</li></ol><p>end</p>'],
    ["Options:\n* a\n* b", "<p>Options:</p><ul><li>a</li><li>b</li></ul>"],
    ["a < b && c > d", "<p>a &lt; b &amp;&amp; c &gt; d</p>"],
  ])("%j", (source, expected) => expect(html(source)).toBe(expected));

  it("says words, not signs", () => {
    expect(plain("**Hi**, see\n- [menu](https://bella.example)\n- `x`")).toBe(
      "Hi, see\nmenu (https://bella.example)x",
    );
  });

  it("closes what is being written", () => {
    expect(closed("a **b")).toBe("a **b**");
    expect(closed("a **b** c")).toBe("a **b** c");
    expect(closed("a **")).toBe("a ");
  });

  it("stays fast on hostile input", () => {
    const started = performance.now();
    for (const piece of ["*", "_", "[", "[a](", "`", "**a", "((", "- ", "https://", "\\", "*a_"])
      html(piece.repeat(4000 / piece.length));
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe("links", () => {
  it("open apart and vouch for nothing", () => {
    const [, a] = elements("[Menu](https://bella.example/menu)");
    expect(a?.outerHTML).toBe(
      '<a href="https://bella.example/menu" target="_blank" rel="noopener noreferrer nofollow ugc">Menu</a>',
    );
  });

  it.each([
    "https://bella.example/a?b=1.",
    "(https://www.bella.example/x)",
    "see https://bella.example, or",
  ])("finds the address in %j", (source) => {
    const link = elements(source).find(({ tagName }) => tagName === "A") as HTMLAnchorElement;
    expect(link.textContent).toMatch(/^https:\/\/\S+[a-z0-9]$/);
  });

  it("telephone and mail need no list", () => {
    expect(
      elements("tel:+390612345678 [write](mailto:hi@x.example)").filter(
        ({ tagName }) => tagName === "A",
      ),
    ).toHaveLength(2);
  });

  it.each([
    "https://evil.example/",
    "[https://bella.example](https://evil.example)",
    "[x](https://bella.example@evil.example/)",
    "[x](https://user:pass@bella.example/)",
    "[x](https://notbella.example/)",
    "[x](https://bella.example.evil.example/)",
    "[x](//evil.example)",
    "[x](/relative)",
    "[x](ftp://bella.example)",
  ])("shows, but does not link, %j", (source) => {
    expect(elements(source).some(({ tagName }) => tagName === "A")).toBe(false);
    const target = /\]\((.*)\)$/.exec(source)?.[1] ?? source;
    expect(html(source)).toContain(target);
  });
});

describe("cross-site scripting", () => {
  const strings = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<math><mi xlink:href="data:x,<script>alert(1)</script>"></mi></math>',
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='\u2028javascript:alert(1)'>x</a>",
    "<form><input name=attributes onfocus=alert(1) autofocus></form>",
    "<style>*{background:url(javascript:alert(1))}</style>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    '[x](https://bella.example"onmouseover="alert(1))',
    "![x](https://bella.example/x.png)",
    "[x](tel:javascript:alert(1))",
    "mailto:a@b?subject=<script>",
    "{{constructor.constructor('alert(1)')()}}",
    "`<b onclick=alert(1)>`",
  ];

  it.each(strings)("%j is text", (source) => {
    for (const element of elements(source)) {
      expect(["P", "A", "BR", "CODE", "EM", "STRONG"]).toContain(element.tagName);
      const names = [...element.attributes].map(({ name }) => name);
      expect(names.every((name) => ["href", "target", "rel"].includes(name))).toBe(true);
      const href = element.getAttribute("href") ?? "https:";
      expect(href).toMatch(/^(https:|mailto:|tel:)/);
    }
  });
});
