-- RFC 7396, which PostgreSQL has no function for.
CREATE FUNCTION pushport_merge(document jsonb, patch jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  result jsonb := CASE WHEN jsonb_typeof(document) = 'object' THEN document ELSE '{}'::jsonb END;
  name text;
  given jsonb;
BEGIN
  IF patch IS NULL THEN
    RETURN NULL;
  ELSIF jsonb_typeof(patch) <> 'object' THEN
    RETURN patch;
  END IF;
  FOR name, given IN SELECT key, value FROM jsonb_each(patch) LOOP
    IF jsonb_typeof(given) = 'null' THEN
      result := result - name;
    ELSE
      result := result || jsonb_build_object(name, pushport_merge(result -> name, given));
    END IF;
  END LOOP;
  RETURN result;
END
$$;
