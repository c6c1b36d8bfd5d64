import { describe, expect, test } from 'vitest'
import {
  compactPath,
  foldedPath,
  hasDots,
  pathSegments,
  rawPath,
  withDotsMarked,
} from '../../src/wire/path.ts'

describe('B01: a segment of dots is an id, whatever a URL parser does', () => {
  test.each([
    '/a/..',
    '/a/.',
    '/a/../b',
    '/..',
    '/../..',
    '/./../.',
    '/a/%2e%2E',
    '/a/%2e./x',
    '/a/.%2E/x',
    '/a/%2e/%2e/',
    '/a//../b',
    '/a/..?x=/../y',
    '/a/..#/..',
    '/a/...',
    '/a/..b/.c/d.',
    '/a/%2e%2e%2e',
    '/a/b%2f..',
    '/a/..%2fb',
    '/plain?x=/../',
  ])('%s', (target) => {
    const { href } = new URL(`http://gateway.test${withDotsMarked(target)}`)
    const path = target.replace(/[?#].*$/, '')
    expect(rawPath(href)).toBe(path)
    expect(rawPath(`http://gateway.test${target}`), 'where no parser has been').toBe(path)
    expect(pathSegments(href)).toEqual(path.slice(1).split('/').map(decodeURIComponent))
    expect(new URL(href).search).toBe(new URL(target, 'http://gateway.test').search)
  })

  test.each([
    ['/a/..', true],
    ['/a/%2E/b', true],
    ['/a/b', false],
    ['/a/.../b', false],
    ['/.well-known/a', false],
    ['/', false],
  ])('%s has some: %s', (path, some) => {
    expect(hasDots(path)).toBe(some)
  })
})

test.each([
  ['http://h//a//b/', '/a//b/', '/a/b/'],
  ['http://h///', '/', '/'],
  ['http://h', '/', '/'],
  ['http://h/a?b=//c', '/a', '/a'],
])('B15: %s is %s, and %s where empty segments mean nothing', (url, folded, compact) => {
  expect(foldedPath(url)).toBe(folded)
  expect(compactPath(url)).toBe(compact)
})
